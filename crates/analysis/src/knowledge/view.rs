//! What a rule reads: the fields of a message, or the named values of a pseudo-message.

use std::borrow::Cow;

use model::{Message, Value};

/// The name under which a message's operation can be asked for like a field.
pub(crate) const OPERATION: &str = "operation";

/// Named texts, whatever they come from.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    message: Option<&'a Message>,
    pairs: &'a [(&'a str, &'a str)],
}

impl<'a> View<'a> {
    pub(super) fn message(message: &'a Message) -> Self {
        Self { message: Some(message), pairs: &[] }
    }

    pub(super) fn pairs(pairs: &'a [(&'a str, &'a str)]) -> Self {
        Self { message: None, pairs }
    }

    /// Every value with its name, in the order of the message; the operation stands last.
    pub(super) fn all(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        let fields = self.message.into_iter().flat_map(Message::fields).map(|(field, value)| (field.name, value));
        let operation = self.message.and_then(Message::operation).map(|text| (OPERATION, Value::Text(text)));
        fields.chain(operation).chain(self.pairs.iter().map(|(name, text)| (*name, Value::Text(text))))
    }

    /// The values of that name, as text.
    pub(super) fn values(self, name: &str) -> impl Iterator<Item = Cow<'a, str>> {
        self.all().filter(move |(other, _)| *other == name).map(|(_, value)| text(value))
    }

    pub(super) fn first(self, name: &str) -> Option<Cow<'a, str>> {
        self.values(name).next()
    }
}

/// A value as rules compare it.
pub(super) fn text(value: Value<'_>) -> Cow<'_, str> {
    match value {
        Value::Text(text) => Cow::Borrowed(text),
        Value::Flag(true) => Cow::Borrowed("true"),
        Value::Flag(false) => Cow::Borrowed("false"),
        Value::Number(number) => Cow::Owned(number.to_string()),
        Value::Mac(mac) => Cow::Owned(mac.to_string()),
        Value::Ip(ip) => Cow::Owned(ip.to_string()),
    }
}
