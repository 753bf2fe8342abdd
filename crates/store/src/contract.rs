//! What every store has to do, as a test that any of them can be held against.

#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected stops there"
)]

use crate::{Change, Entry, Sequence, State, Store};

/// Holds a store against the contract. `open` opens the same store each time it is called, after the one before was
/// closed; it is empty at first.
pub fn holds(open: &mut dyn FnMut() -> Box<dyn Store>) {
    an_empty_store_is_empty(&mut *open());
    entries_come_back_in_order(open);
    a_state_replaces_the_one_before_and_what_it_contains(open);
    a_state_that_would_lose_entries_is_refused(open);
    places_are_never_used_twice(open);
    large_and_empty_entries_are_whole(open);
    records_are_kept_by_kind_and_name(open);
    logs_grow_and_are_read_backwards(open);
    open().check().unwrap();
}

fn all(store: &mut dyn Store) -> Vec<Entry> {
    store.journal(Sequence(0), usize::MAX).unwrap()
}

fn an_empty_store_is_empty(store: &mut dyn Store) {
    assert_eq!(all(store), []);
    assert_eq!(store.state().unwrap(), None);
    assert_eq!(store.append(&[]).unwrap(), Sequence(0));
    store.check().unwrap();
}

fn entries_come_back_in_order(open: &mut dyn FnMut() -> Box<dyn Store>) {
    let mut store = open();
    assert_eq!(store.append(&[b"one", b"two"]).unwrap(), Sequence(2));
    assert_eq!(store.append(&[b"three"]).unwrap(), Sequence(3));
    assert_eq!(store.append(&[]).unwrap(), Sequence(3));
    drop(store);
    let mut store = open();
    let entry = |sequence: u64, text: &str| Entry { sequence: Sequence(sequence), bytes: text.into() };
    assert_eq!(all(&mut *store), [entry(1, "one"), entry(2, "two"), entry(3, "three")]);
    assert_eq!(store.journal(Sequence(1), 1).unwrap(), [entry(2, "two")]);
    assert_eq!(store.journal(Sequence(3), 10).unwrap(), []);
}

fn a_state_replaces_the_one_before_and_what_it_contains(open: &mut dyn FnMut() -> Box<dyn Store>) {
    let mut store = open();
    let first = State { upto: Sequence(1), bytes: vec![1; 3_000_000] };
    store.keep_state(&first, &[]).unwrap();
    assert_eq!(store.state().unwrap(), Some(first));
    assert_eq!(all(&mut *store).iter().map(|entry| entry.sequence.0).collect::<Vec<_>>(), [2, 3]);
    let second = State { upto: Sequence(3), bytes: b"shorter".to_vec() };
    store.keep_state(&second, &[]).unwrap();
    drop(store);
    let mut store = open();
    assert_eq!(store.state().unwrap(), Some(second));
    assert_eq!(all(&mut *store), []);
}

fn a_state_that_would_lose_entries_is_refused(open: &mut dyn FnMut() -> Box<dyn Store>) {
    let mut store = open();
    for upto in [0, 2, 4, 1_000] {
        let error = store.keep_state(&State { upto: Sequence(upto), bytes: Vec::new() }, &[]).unwrap_err();
        assert!(!error.is_passing(), "{error}");
    }
    assert_eq!(store.state().unwrap().map(|state| state.upto), Some(Sequence(3)));
}

fn places_are_never_used_twice(open: &mut dyn FnMut() -> Box<dyn Store>) {
    assert_eq!(open().append(&[]).unwrap(), Sequence(3), "the place of the last entry outlives the entry");
    assert_eq!(open().append(&[b"four"]).unwrap(), Sequence(4));
}

fn large_and_empty_entries_are_whole(open: &mut dyn FnMut() -> Box<dyn Store>) {
    let large: Vec<u8> = (0..5_000_000_u32).map(|number| (number % 251) as u8).collect();
    let place = open().append(&[&[], &large]).unwrap();
    let kept = open().journal(Sequence(4), 10).unwrap();
    assert_eq!(kept.len(), 2);
    assert!(kept[0].bytes.is_empty() && kept[1].bytes == large && kept[1].sequence == place);
}

fn records_are_kept_by_kind_and_name(open: &mut dyn FnMut() -> Box<dyn Store>) {
    let put = |name, bytes| Change::Put { kind: "person", name, bytes };
    let other = Change::Put { kind: "view", name: "b", bytes: b"another kind" };
    open().change(&[put("b", b"two"), put("a", b"one"), put("b", b"\0new"), other]).unwrap();
    let kept = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    assert_eq!(open().records("person").unwrap(), [kept("a", b"one"), kept("b", b"\0new")]);
    let nobody = Change::Remove { kind: "person", name: "nobody" };
    open().change(&[Change::Remove { kind: "person", name: "a" }, nobody]).unwrap();
    assert_eq!(open().records("person").unwrap(), [kept("b", b"\0new")]);
    assert_eq!(open().records("view").unwrap(), [kept("b", b"another kind")]);
    assert_eq!(open().records("").unwrap(), []);
    assert_eq!(open().names("view").unwrap(), ["b"]);
    assert_eq!(open().record("view", "b").unwrap(), Some(b"another kind".to_vec()));
    assert_eq!(open().record("view", "c").unwrap(), None);
    // What was folded from the journal changes with the state, or not at all.
    let mut store = open();
    let upto = store.append(&[b"more"]).unwrap();
    let changes = [Change::Remove { kind: "view", name: "b" }, put("c", b"three")];
    let (early, now) = (State { upto: Sequence(1), bytes: Vec::new() }, State { upto, bytes: Vec::new() });
    assert!(store.keep_state(&early, &changes).is_err());
    assert_eq!(store.names("view").unwrap(), ["b"]);
    store.keep_state(&now, &changes).unwrap();
    assert_eq!((store.names("view").unwrap(), store.names("person").unwrap()), (vec![], vec!["b".into(), "c".into()]));
}

fn logs_grow_and_are_read_backwards(open: &mut dyn FnMut() -> Box<dyn Store>) {
    let note = |log, bytes| Change::Note { log, bytes };
    let mut store = open();
    store
        .change(&[note("audit", b"one"), note("other", b"x"), note("audit", b"two"), note("audit", b"three")])
        .unwrap();
    drop(store);
    let mut store = open();
    let newest = store.notes("audit", Sequence(u64::MAX), 2).unwrap();
    assert_eq!(newest.iter().map(|line| line.bytes.as_slice()).collect::<Vec<_>>(), [b"three".as_slice(), b"two"]);
    let before = store.notes("audit", newest[1].sequence, 10).unwrap();
    assert_eq!(before.iter().map(|line| line.bytes.as_slice()).collect::<Vec<_>>(), [b"one".as_slice()]);
    assert_eq!(store.notes("nothing", Sequence(u64::MAX), 10).unwrap(), []);
    store.change(&[Change::Trim { log: "audit", keep: 2 }, Change::Trim { log: "other", keep: 2 }]).unwrap();
    let left = store.notes("audit", Sequence(u64::MAX), 10).unwrap();
    assert_eq!(left.iter().map(|line| line.bytes.as_slice()).collect::<Vec<_>>(), [b"three".as_slice(), b"two"]);
    assert_eq!(store.notes("other", Sequence(u64::MAX), 10).unwrap().len(), 1);
}
