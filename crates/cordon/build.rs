//! Prepares the files of `knowledge/` so that the binary carries them: it runs offline from one file. TOML becomes JSON
//! and the list of prefixes is put in order here, so that no start has to.

use std::collections::BTreeMap;
use std::io::{Read, Write};
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
    website(&home.join("../../web/build"), &out)?;
    prepare_prefixes(&folder.join("prefixes.tsv.zst"), &out)
}

/// The files of the interface, compressed, if it was built; without it the platform has its API alone.
fn website(folder: &Path, out: &Path) -> io::Result<()> {
    // The folder around it is always there: what is missing would be looked for at every build.
    println!("cargo::rerun-if-changed={}", folder.display());
    let folder = &folder.join("site");
    let mut files = Vec::new();
    if folder.is_dir() {
        collect_all(folder, &mut files)?;
    }
    files.sort();
    let packed = out.join("website");
    fs::create_dir_all(&packed)?;
    let mut list = String::from("&[\n");
    for (number, file) in files.iter().enumerate() {
        let name = file.strip_prefix(folder).map_err(io::Error::other)?;
        let name = name.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        let target = packed.join(format!("{number}.gz"));
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&fs::read(file)?)?;
        fs::write(&target, encoder.finish()?)?;
        list.push_str(&format!("    ({name:?}, {:?}, include_bytes!({target:?})),\n", kind(&name)));
    }
    list.push(']');
    fs::write(out.join("website.rs"), list)
}

/// What a browser is told that a file is.
fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

fn collect_all(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect_all(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
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
