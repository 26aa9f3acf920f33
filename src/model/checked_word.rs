//! Words of AWS that are checked before anything is done with them, so that they are safe in argv and in files.

/// A type for one kind of such words: what they are called where a text is none, how much of that text is shown, and which texts are taken.
macro_rules! checked_word {
    ($(#[$about:meta])* $name:ident, $invalid:ident, $what:literal, $shown:literal, $is_one:expr) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        #[doc = concat!("A text that is not ", $what, ".")]
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        #[error("not {what}: {shown}", what = $what)]
        pub struct $invalid {
            shown: String,
        }

        impl $name {
            /// As AWS writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $invalid;

            fn from_str(text: &str) -> Result<Self, $invalid> {
                let is_one: fn(&str) -> bool = $is_one;
                if is_one(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err($invalid { shown: $crate::model::Untrusted::from(text).shown_in($shown) })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = $invalid;

            fn try_from(text: String) -> Result<Self, $invalid> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                word.0
            }
        }
    };
}

pub(super) use checked_word;
