//! Prepares the files of `knowledge/` so that the binary carries them: it runs offline from one file. TOML becomes JSON
//! and the list of prefixes is put in order here, so that no start has to.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let home = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let folder = home.join("../../knowledge").canonicalize()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(&folder, &mut files)?;
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&folder).map_err(io::Error::other)?;
        let name = name.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        list.push_str(&format!("    ({name:?}, {:?}),\n", json(file)?));
    }
    list.push(']');
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("knowledge.rs"), list)?;
    prepare_prefixes(&folder.join("prefixes.tsv.zst"), &out)
}

/// The values of a TOML file.
fn json(file: &Path) -> io::Result<String> {
    let values: serde_json::Value = toml::from_str(&fs::read_to_string(file)?)
        .map_err(|error| io::Error::other(format!("{}: {error}", file.display())))?;
    Ok(values.to_string())
}

/// Lines of "prefix TAB organisation" to records as `analysis::prefixes::Prepared` describes them.
fn prepare_prefixes(packed: &Path, out: &Path) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", packed.display());
    let mut text = String::new();
    ruzstd::decoding::StreamingDecoder::new(fs::File::open(packed)?)
        .map_err(io::Error::other)?
        .read_to_string(&mut text)?;
    let mut sorted = BTreeMap::new();
    for line in text.lines() {
        let (prefix, name) = line.split_once('\t').ok_or_else(|| io::Error::other(format!("`{line}` has no tab")))?;
        let value = u64::from_str_radix(prefix, 16).map_err(io::Error::other)?;
        let bits = u8::try_from(prefix.len().saturating_mul(4)).map_err(io::Error::other)?;
        sorted.insert((bits, value << 48_u32.saturating_sub(u32::from(bits))), name);
    }
    let (mut index, mut names) = (Vec::new(), String::new());
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for ((bits, value), name) in sorted {
        // A name is cut at 255 bytes: none of the list is as long.
        let name = name.get(..name.len().min(255)).unwrap_or_default();
        let end = names.len();
        let place = *places.entry(name).or_insert_with(|| {
            names.push_str(name);
            end
        });
        index.push(bits);
        index.extend_from_slice(&value.to_be_bytes()[2..]);
        index.push(u8::try_from(name.len()).map_err(io::Error::other)?);
        index.extend_from_slice(&u32::try_from(place).map_err(io::Error::other)?.to_be_bytes());
    }
    fs::write(out.join("prefixes.index"), index)?;
    fs::write(out.join("prefixes.names"), names)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
    Ok(())
}
