//! What a decoder may say: fields, declared one by one.

use crate::Form;

/// How far a field's value may travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Privacy {
    /// Describes a device or a protocol: may be shown and exported.
    Device,
    /// Describes the hospital (AE titles, units, host names): shown on site, replaced by a keyed hash on export.
    Site,
}

/// One entry of a protocol's allow-list. A value without such an entry cannot leave a decoder, and no entry exists for
/// anything that can hold patient data.
#[derive(Debug)]
pub struct Field {
    /// Lower-case words with underscores, as in `called_ae`; unique within its protocol.
    pub name: &'static str,
    /// How far the value may travel.
    pub privacy: Privacy,
    /// The form that its text must have; other text is not told.
    pub form: Form,
    /// Wireshark's name for the same value (`tshark -e`), where it has one: the agreement test compares the two. Several
    /// names, separated by blanks, where Wireshark has one for each kind of message.
    pub wireshark: Option<&'static str>,
}

impl Field {
    /// A field that describes the device or the protocol, in the words of its maker unless [`form`](Self::form) says
    /// otherwise.
    pub const fn device(name: &'static str) -> Self {
        Self { name, privacy: Privacy::Device, form: Form::Product, wireshark: None }
    }

    /// A field that describes the hospital: a name, unless [`form`](Self::form) says otherwise.
    pub const fn site(name: &'static str) -> Self {
        Self { name, privacy: Privacy::Site, form: Form::Name, wireshark: None }
    }

    /// The same field, whose text must have that form.
    pub const fn form(self, form: Form) -> Self {
        Self { form, ..self }
    }

    /// The same field, known to Wireshark as `name`.
    pub const fn wireshark(self, name: &'static str) -> Self {
        Self { wireshark: Some(name), ..self }
    }
}
