//! The languages of the portal and its message catalogue.

use std::borrow::Cow;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// A language of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, in which every message is written.
    En,
    /// Swedish.
    Sv,
    /// Finnish.
    Fi,
    /// Norwegian bokmål.
    Nb,
    /// Danish.
    Da,
    /// Icelandic.
    Is,
}

impl Language {
    /// All of them, English first.
    pub const ALL: [Self; 6] = [Self::En, Self::Sv, Self::Fi, Self::Nb, Self::Da, Self::Is];

    /// Code as in `lang=` and `<html lang>`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Sv => "sv",
            Self::Fi => "fi",
            Self::Nb => "nb",
            Self::Da => "da",
            Self::Is => "is",
        }
    }

    /// Its name in itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Sv => "Svenska",
            Self::Fi => "Suomi",
            Self::Nb => "Norsk",
            Self::Da => "Dansk",
            Self::Is => "Íslenska",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        match code.split('-').next()?.trim().to_ascii_lowercase().as_str() {
            "no" | "nn" => Some(Self::Nb),
            primary => Self::ALL.into_iter().find(|l| l.code() == primary),
        }
    }

    /// The language of `lang=`, else the best of an `Accept-Language` header, else English.
    pub fn choose(asked: Option<&str>, accepted: &str) -> Self {
        if let Some(language) = asked.and_then(Self::from_code) {
            return language;
        }
        let mut best = (Self::En, 0.0);
        for range in accepted.split(',') {
            let (code, quality) = range.split_once(';').unwrap_or((range, "q=1"));
            let quality = quality.trim().strip_prefix("q=").and_then(|q| q.parse().ok());
            let quality: f32 = quality.unwrap_or(0.0);
            if let Some(language) = Self::from_code(code)
                && quality > best.1
            {
                best = (language, quality);
            }
        }
        best.0
    }

    /// The message in this language, or in English where it has none.
    pub fn text(self, message: Message) -> &'static str {
        self.own_text(message).or(TEXTS[0][message as usize]).unwrap_or_default()
    }

    /// The message, if it is written in this language.
    pub fn own_text(self, message: Message) -> Option<&'static str> {
        TEXTS[self as usize][message as usize]
    }

    /// The message with its arguments in place of `{ $name }`.
    pub fn fill(self, message: Message, arguments: &[(&str, &str)]) -> String {
        let mut text = Cow::Borrowed(self.text(message));
        for (name, value) in arguments {
            text = text.replace(&format!("{{ ${name} }}"), value).into();
        }
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_decides_before_the_browser() {
        assert_eq!(Language::choose(Some("fi"), "sv"), Language::Fi);
        assert_eq!(Language::choose(None, "de, nn;q=0.8, en;q=0.5"), Language::Nb);
        assert_eq!(Language::choose(Some("xx"), "is;q=0.3,da;q=0.9"), Language::Da);
        assert_eq!(Language::choose(None, ""), Language::En);
    }

    #[test]
    fn a_message_without_translation_falls_back_to_english() {
        for message in [Message::AboutText, Message::NavBodies] {
            assert!(!Language::Is.text(message).is_empty());
        }
        assert_eq!(Language::Sv.text(Message::NavSources), "Källor");
    }

    #[test]
    fn arguments_take_their_place() {
        let text = Language::En.fill(Message::ListShowing, &[("shown", "100"), ("all", "1,250")]);
        assert_eq!(text, "100 of 1,250");
    }
}
