//! The replies of the vectors, made by hand.

use firmware_protocol::reply::{
    Capability, ClientCryptogram, FileDetail, FileStatus, Function, InputStatus, Keypad,
    LocalStatus, ManufacturerStatus, Nak, NakCode, OutputStatus, PdId, RawCard, ReaderStatus,
};
use firmware_protocol::{Address, ComSettings, Manufacturer, Records, Reply};

pub(crate) fn all() -> Vec<(&'static str, Reply<'static>)> {
    let nak = Nak {
        code: NakCode::SecurityRequired,
    };
    let mut all = vec![
        ("ACK", Reply::Ack),
        ("NAK", Reply::Nak(nak)),
        ("PDID", Reply::PdId(ID)),
        ("PDCAP", Reply::PdCap(Records::new(CAPABILITIES).unwrap())),
        ("FTSTAT", Reply::FileStatus(FILE)),
        ("BUSY", Reply::Busy),
    ];
    all.extend(states());
    all.extend(cards());
    all.extend(settings());
    all.extend(tolerated());
    all
}

fn states() -> [(&'static str, Reply<'static>); 4] {
    let local = LocalStatus {
        tamper: true,
        power_failure: false,
    };
    [
        ("LSTATR", Reply::LocalStatus(local)),
        ("ISTATR", Reply::InputStatus(InputStatus::decode(&[0, 1]))),
        ("OSTATR", Reply::OutputStatus(OutputStatus::decode(&[1, 0]))),
        ("RSTATR", Reply::ReaderStatus(ReaderStatus::decode(&[0, 2]))),
    ]
}

fn cards() -> [(&'static str, Reply<'static>); 2] {
    let card = RawCard::new(0, RawCard::WIEGAND, 26, &[0x80, 0x98, 0x1C, 0xC0]);
    [
        ("RAW", Reply::Raw(card.unwrap())),
        ("KEYPAD", Reply::Keypad(Keypad::new(0, b"12\r").unwrap())),
    ]
}

fn settings() -> [(&'static str, Reply<'static>); 6] {
    let settings = ComSettings::new(Address::new(7).unwrap(), 115_200);
    let own = Manufacturer {
        vendor: [0x0A, 0x00, 0x17],
        data: &[0x02, 0x01],
    };
    let r_mac_i = [
        0xB2, 0xA3, 0x00, 0x57, 0xEB, 0x98, 0xBA, 0x22, 0x29, 0xEC, 0x1F, 0x87, 0x56, 0x62, 0xB5,
        0x24,
    ];
    [
        ("COM", Reply::Com(settings.unwrap())),
        ("CCRYPT", Reply::ClientCryptogram(CRYPTOGRAM)),
        ("RMAC_I", Reply::RMacI(r_mac_i)),
        (
            "MFGSTATR",
            Reply::ManufacturerStatus(ManufacturerStatus::decode(&[0x42])),
        ),
        (
            "MFGERRR",
            Reply::ManufacturerError(ManufacturerStatus::decode(&[0x17])),
        ),
        ("MFGREP", Reply::Manufacturer(own)),
    ]
}

/// What our ends have no name for.
fn tolerated() -> [(&'static str, Reply<'static>); 2] {
    let unknown = |code, data| Reply::Unknown { code, data };
    [
        ("FMT", unknown(0x51, &[0, 1, 3, 0x31, 0x32, 0x33])),
        (
            "EXT_PDID",
            unknown(0x59, &[0x2C, 0x01, 0x80, 0x00, 0x02, 0x00, 0xCA, 0xFE]),
        ),
    ]
}

const ID: PdId = PdId {
    vendor: [0x0A, 0x00, 0x17],
    model: 3,
    version: 1,
    serial: 0x1234_5678,
    firmware: [2, 5, 9],
};
const CAPABILITIES: &[Capability] = &[
    Capability {
        function: Function::OUTPUTS,
        compliance: 1,
        count: 2,
    },
    Capability {
        function: Function::SECURITY,
        compliance: 1,
        count: 0,
    },
    Capability {
        function: Function::RECEIVE_SIZE,
        compliance: 0xA0,
        count: 0x05,
    },
];
const FILE: FileStatus = FileStatus {
    interleave: true,
    leave_secure: false,
    poll_answer_waits: true,
    delay_ms: 500,
    detail: FileDetail::Finishing,
    message_len_max: 128,
};
const CRYPTOGRAM: ClientCryptogram = ClientCryptogram {
    client_id: [0x0A, 0x00, 0x17, 0x03, 0x01, 0x78, 0x56, 0x34],
    rnd_b: [0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7],
    cryptogram: [
        0xFD, 0xE5, 0xD2, 0xF4, 0x28, 0xEC, 0x16, 0x31, 0x24, 0x71, 0xEA, 0x3C, 0x02, 0xBD, 0x77,
        0x96,
    ],
};
