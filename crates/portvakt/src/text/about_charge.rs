//! What is said about lost cards and what they cost.

/// Something about a charge.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AboutCharge<'a> {
    /// A tenant was charged, or is given back what it was charged.
    Booked {
        /// The charge's number.
        voucher: &'a str,
        /// The tenant.
        tenant: &'a str,
        /// Hundredths of a krone; below zero where something is given back.
        ore: i64,
    },
    /// A lost card was returned without its plastic.
    NeverCame,
    /// Charges of a returned card were not handed over.
    NotExported {
        /// How many.
        count: u32,
        /// The holder is not forgotten yet.
        is_held: bool,
    },
    /// Charges were handed over.
    Exported {
        /// How many.
        count: u64,
        /// Where to.
        file: &'a str,
    },
    /// There was nothing to hand over.
    NoneToExport,
    /// What was handed over did not reach the file.
    ExportLost {
        /// The file.
        file: &'a str,
    },
}

impl AboutCharge<'_> {
    /// In English.
    pub(super) fn english(&self) -> String {
        match *self {
            Self::Booked {
                voucher,
                tenant,
                ore,
            } => {
                let kroner = kroner(ore.abs());
                let what = if ore < 0 {
                    "given back to"
                } else {
                    "charged to"
                };
                format!("{kroner} kr {what} {tenant}, voucher {voucher}")
            }
            Self::NeverCame => {
                "the card was reported lost and did not come back; what was charged for it stays"
                    .to_owned()
            }
            Self::NotExported { count, is_held } => {
                let until = if is_held {
                    "export them before the hold ends: then nobody knows for whom they are"
                } else {
                    "nobody knows any more for whom they are"
                };
                format!("charges not exported: {count}; {until}")
            }
            Self::Exported { count, file } => format!("{count} charges written to {file}"),
            Self::NoneToExport => "no charge that was not exported before; see --again".to_owned(),
            Self::ExportLost { file } => format!(
                "{file} is not whole, and the charges count as exported: export them with --again"
            ),
        }
    }

    /// In Norwegian.
    pub(super) fn norwegian(&self) -> String {
        match *self {
            Self::Booked {
                voucher,
                tenant,
                ore,
            } => {
                let kroner = kroner(ore.abs()).replace('.', ",");
                let what = if ore < 0 { "godskrevet" } else { "belastet" };
                format!("kr {kroner} {what} {tenant}, bilag {voucher}")
            }
            Self::NeverCame => {
                "kortet var meldt tapt og kom ikke tilbake; gebyret for det består".to_owned()
            }
            Self::NotExported { count, is_held } => {
                let until = if is_held {
                    "eksporter dem før tilbakeholdelsen er over: etterpå vet ingen hvem de gjelder"
                } else {
                    "ingen vet lenger hvem de gjelder"
                };
                format!("gebyrer som ikke er eksportert: {count}; {until}")
            }
            Self::Exported { count, file } => format!("{count} gebyrer skrevet til {file}"),
            Self::NoneToExport => "ingen gebyrer som ikke er eksportert før; se --again".to_owned(),
            Self::ExportLost { file } => format!(
                "{file} er ikke hel, og gebyrene regnes som eksportert: eksporter dem med --again"
            ),
        }
    }
}

/// `400.00`, `-0.50`.
pub(crate) fn kroner(ore: i64) -> String {
    let sign = if ore < 0 { "-" } else { "" };
    let ore = ore.unsigned_abs();
    format!("{sign}{}.{:02}", ore / 100, ore % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ore_are_two_digits_behind_kroner() {
        for (ore, text) in [
            (40_000, "400.00"),
            (-40_000, "-400.00"),
            (-50, "-0.50"),
            (5, "0.05"),
            (0, "0.00"),
        ] {
            assert_eq!(kroner(ore), text);
        }
    }
}
