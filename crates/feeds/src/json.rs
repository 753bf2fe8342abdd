//! JSON documents: what is wrong where, long lists one element at a time, and small documents as trees.

use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::{Defect, Place};

/// Bytes of a document that is read as a whole: a tree takes many times as much.
const TREE_BYTES_MAX: usize = 64 << 20;

/// What `serde_json` says, with its place.
pub(crate) fn defect(error: &serde_json::Error) -> Defect {
    let text = error.to_string();
    let why = text.split_once(" at line ").map_or(text.as_str(), |(why, _)| why);
    Defect { place: Place::Line(error.line(), error.column()), rule: None, why: why.to_owned() }
}

/// A name as a part of a JSON pointer (RFC 6901 section 3).
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A document as a tree.
pub(crate) fn tree(bytes: &[u8]) -> Result<Value, Defect> {
    small(bytes)?;
    serde_json::from_slice(bytes).map_err(|error| defect(&error))
}

/// A document as a value of a type.
pub(crate) fn whole<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Defect> {
    small(bytes)?;
    serde_json::from_slice(bytes).map_err(|error| defect(&error))
}

fn small(bytes: &[u8]) -> Result<(), Defect> {
    let fits = bytes.len() <= TREE_BYTES_MAX;
    if fits { Ok(()) } else { Err(Defect::whole(format!("has more than {TREE_BYTES_MAX} bytes"))) }
}

/// Calls `take` with the place and the value of each element of the list that a member of the document is; an error if there is no
/// such list.
pub(crate) fn each<T: for<'de> Deserialize<'de>>(
    bytes: &[u8],
    member: &'static str,
    take: &mut dyn FnMut(usize, T) -> Result<(), Defect>,
) -> Result<(), Defect> {
    let mut own = None;
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let mut list = List { member, count: None, own: &mut own, take };
    let read = deserializer.deserialize_map(&mut list).and_then(|()| deserializer.end());
    let is_there = list.count.is_some();
    match (own, read) {
        (Some(own), _) => Err(own),
        (None, Err(error)) => Err(defect(&error)),
        (None, Ok(())) if !is_there => Err(Defect::at(format!("/{member}"), "is missing")),
        (None, Ok(())) => Ok(()),
    }
}

struct List<'a, T> {
    member: &'static str,
    count: Option<usize>,
    own: &'a mut Option<Defect>,
    take: &'a mut dyn FnMut(usize, T) -> Result<(), Defect>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for &mut List<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with a list `{}`", self.member)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<std::borrow::Cow<'_, str>>()? {
            if name == self.member && self.count.is_none() {
                map.next_value_seed(Elements(self))?;
            } else if name == self.member {
                return Err(Error::duplicate_field(self.member));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Elements<'a, 'b, T>(&'a mut List<'b, T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Elements<'_, '_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Elements<'_, '_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list `{}`", self.0.member)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut index = 0_usize;
        while let Some(element) = list.next_element()? {
            if let Err(own) = (self.0.take)(index, element) {
                *self.0.own = Some(own);
                return Err(A::Error::custom("stopped"));
            }
            index = index.saturating_add(1);
        }
        self.0.count = Some(index);
        Ok(())
    }
}
