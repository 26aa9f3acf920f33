//! Why a filter cannot be understood.

/// A filter that cannot be understood; nothing is filtered by it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFilter {
    /// `foo:bar` where `foo` is no field.
    #[error("no field called {field}")]
    UnknownField {
        /// The field as typed, fit for a screen.
        field: String,
        /// The nearest field there is, if one is near.
        nearest: Option<&'static str>,
    },
    /// `state:runing`: the field has but a few values, and this is the start of none.
    #[error("{field} is never {value}")]
    UnknownValue {
        /// The field.
        field: &'static str,
        /// The value as typed, fit for a screen.
        value: String,
        /// The nearest value there is, if one is near.
        nearest: Option<&'static str>,
        /// All values.
        known: &'static [&'static str],
    },
    /// `@foo` where no saved filter has this name.
    #[error("no saved filter called @{name}")]
    UnknownSaved {
        /// The name as typed, fit for a screen.
        name: String,
        /// The nearest name there is, if one is near.
        nearest: Option<String>,
        /// All names.
        known: Vec<String>,
    },
    /// A saved filter that uses itself, by way of others perhaps.
    #[error("the saved filter @{name} uses itself")]
    Circle {
        /// The name.
        name: String,
    },
    /// `ip:10.0.0.0/99`.
    #[error("not an address block: {block}")]
    Block {
        /// The block as typed, fit for a screen.
        block: String,
    },
    /// `a | b`: nothing stands on one side of the bar.
    #[error("a bar joins two words without blanks")]
    Bar,
    /// More words than anybody types.
    #[error("too many words")]
    TooLong,
}

impl InvalidFilter {
    /// The same everywhere: stable and documented.
    pub fn code(&self) -> &'static str {
        self.key().strip_prefix("error-").unwrap_or_default()
    }

    /// The sentence in the catalogue.
    pub fn key(&self) -> &'static str {
        match self {
            Self::UnknownField { nearest: Some(_), .. } => "error-filter-field-near",
            Self::UnknownField { nearest: None, .. } => "error-filter-field",
            Self::UnknownValue { nearest: Some(_), .. } => "error-filter-value-near",
            Self::UnknownValue { nearest: None, .. } => "error-filter-value",
            Self::UnknownSaved { nearest: Some(_), .. } => "error-filter-saved-near",
            Self::UnknownSaved { known, .. } if known.is_empty() => "error-filter-saved-none",
            Self::UnknownSaved { .. } => "error-filter-saved",
            Self::Circle { .. } => "error-filter-circle",
            Self::Block { .. } => "error-filter-block",
            Self::Bar => "error-filter-bar",
            Self::TooLong => "error-filter-long",
        }
    }

    /// What the sentence of the code says, fit for a screen.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        let near = |nearest: Option<&str>| ("nearest", nearest.unwrap_or_default().to_owned());
        match self {
            Self::UnknownField { field, nearest } => vec![("field", field.clone()), near(*nearest)],
            Self::UnknownValue { field, value, nearest, known } => {
                vec![("field", (*field).to_owned()), ("value", value.clone()), near(*nearest), ("known", known.join(" "))]
            }
            Self::UnknownSaved { name, nearest, known } => {
                let at = |name: &String| format!("@{name}");
                let known: Vec<String> = known.iter().map(at).collect();
                vec![("name", at(name)), near(nearest.as_ref().map(at).as_deref()), ("known", known.join(" "))]
            }
            Self::Circle { name } => vec![("name", format!("@{name}"))],
            Self::Block { block } => vec![("field", block.clone())],
            Self::Bar | Self::TooLong => Vec::new(),
        }
    }
}
