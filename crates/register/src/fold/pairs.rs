//! Pairs: the `key=value` words of a record.

/// Words in their order. A value goes on until the next word that begins as a key does.
pub(super) struct Pairs<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Pairs<'a> {
    /// The words of a text; what stands before the first key is passed over.
    pub(super) fn of(text: &'a str) -> Self {
        let mut starts: Vec<(usize, &str)> = Vec::new();
        let mut at = 0;
        for word in text.split(' ') {
            if let Some((key, _)) = word.split_once('=')
                && is_key(key)
            {
                starts.push((at, key));
            }
            at += word.len() + 1;
        }
        let ends = starts.iter().skip(1).map(|(at, _)| at.saturating_sub(1));
        let ends: Vec<usize> = ends.chain([text.len()]).collect();
        let pairs = starts.iter().zip(ends).filter_map(|((at, key), end)| {
            let value = text.get(at + key.len() + 1..end)?;
            Some((*key, value))
        });
        Self(pairs.collect())
    }

    /// The same of a text that ends in what somebody typed: from the first of these keys on all of it is one value.
    pub(super) fn ending_in(text: &'a str, typed: &[&'static str]) -> Self {
        let starts = typed.iter().filter_map(|key| {
            let found = text.match_indices(*key).map(|(at, _)| at);
            let mut found = found.filter(|at| {
                let before = text.get(..*at).unwrap_or_default();
                let after = text.get(at + key.len()..).unwrap_or_default();
                (before.is_empty() || before.ends_with(' ')) && after.starts_with('=')
            });
            found.next().map(|at| (at, *key))
        });
        let Some((at, key)) = starts.min() else {
            return Self::of(text);
        };
        let mut words = Self::of(text.get(..at).unwrap_or_default().trim_end());
        let value = text.get(at + key.len() + 1..).unwrap_or_default();
        words.0.push((key, value));
        words
    }

    /// The value of the first word with this key.
    pub(super) fn get(&self, key: &str) -> Option<&'a str> {
        let found = self.0.iter().find(|(found, _)| *found == key);
        found.map(|(_, value)| *value)
    }

    /// The value of this key, if it stands before the first word whose key is not among these: what somebody typed comes behind.
    pub(super) fn leading(&self, key: &str, among: &[(&str, &str)]) -> Option<&'a str> {
        let known = |(key, _): &&(&str, &str)| among.iter().any(|(of, _)| of == key);
        let mut leading = self.0.iter().take_while(known);
        leading
            .find(|(found, _)| *found == key)
            .map(|(_, value)| *value)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().copied()
    }
}

fn is_key(word: &str) -> bool {
    !word.is_empty()
        && word
            .bytes()
            .all(|octet| octet.is_ascii_lowercase() || octet == b'-')
}
