//! The certificate with which browsers are spoken to: made at the first start, and whoever has a better one puts it there.

use std::fs;
use std::io::Write;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use data_encoding::HEXUPPER;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};

use crate::clock;
use crate::failure::Failure;

const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";
/// Until when the certificate that was made here holds, and which one that was.
const MADE: &str = "made-until";
/// One that was made here is made anew so many days before its end.
const RENEWED_DAYS: i64 = 30;
/// Browsers refuse longer ones (CA/Browser Forum, ballot 193).
const DAYS: i64 = 820;

/// The certificate and its key, as files, and what people compare.
pub struct Certificate {
    /// What is spoken with.
    pub config: rustls::ServerConfig,
    /// SHA-256 of it, as browsers show it.
    pub fingerprint: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// The certificate in the folder; made if there is none.
pub fn load(folder: &Path, names: &[String], listen: IpAddr) -> Result<Certificate, Failure> {
    let folder = folder.join("tls");
    let (path, key_path) = (folder.join(CERTIFICATE), folder.join(KEY));
    // A key alone is what was left of a start that was cut off.
    if !path.exists() || is_ending(&folder) {
        make(&folder, names, listen)?;
    }
    let wrong = |what: &Path, problem: &dyn std::fmt::Display| {
        let remedy = "put a certificate and its key there as PEM, or remove both and start again to have new ones made";
        Failure::Wrong(format!("{}: {problem}; {remedy}", what.display()))
    };
    let chain = CertificateDer::pem_file_iter(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| wrong(&path, &error))?;
    let first = chain.first().ok_or_else(|| wrong(&path, &"holds no certificate"))?;
    let fingerprint = fingerprint(first);
    let key = PrivateKeyDer::from_pem_file(&key_path).map_err(|error| wrong(&key_path, &error))?;
    let provider = rustls::crypto::ring::default_provider();
    let config = rustls::ServerConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .map(|builder| builder.with_no_client_auth())
        .and_then(|builder| builder.with_single_cert(chain, key));
    let mut config = config.map_err(|error| wrong(&path, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Certificate { config, fingerprint, path })
}

fn make(folder: &Path, names: &[String], listen: IpAddr) -> Result<(), Failure> {
    let failed = |error: rcgen::Error| Failure::Failed(format!("the certificate could not be made: {error}"));
    let mut all: Vec<String> = names.to_vec();
    all.extend(["localhost", "127.0.0.1", "::1"].map(str::to_owned));
    if !listen.is_unspecified() {
        all.push(listen.to_string());
    }
    if let Ok(host) = nix::unistd::gethostname() {
        all.push(host.to_string_lossy().into_owned());
    }
    all.sort();
    all.dedup();
    let mut params = CertificateParams::new(all).map_err(failed)?;
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, "Cordon");
    params.distinguished_name = name;
    let today = clock::now();
    let date = |days: i64| {
        let text = date_text(today, days);
        let number = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<u16>().ok());
        let small = |from: usize, to: usize| number(from, to).and_then(|number| u8::try_from(number).ok()).unwrap_or(1);
        rcgen::date_time_ymd(number(0, 4).unwrap_or(2_000).into(), small(5, 7), small(8, 10))
    };
    (params.not_before, params.not_after) = (date(-1), date(DAYS));
    let key = KeyPair::generate().map_err(failed)?;
    let certificate = params.self_signed(&key).map_err(failed)?;
    let writing = |path: &Path, error: &std::io::Error| {
        let problem = crate::failure::said(error);
        Failure::Failed(format!(
            "{}: cannot write: {problem}; name a folder that you may write to with --data",
            path.display()
        ))
    };
    fs::create_dir_all(folder).map_err(|error| writing(folder, &error))?;
    let made = format!("{}\n{}\n", date_text(today, DAYS), fingerprint(certificate.der()));
    // Written beside, then put in place, the certificate last: what is half there counts as not there.
    let files = [(KEY, key.serialize_pem(), 0o600), (MADE, made, 0o644), (CERTIFICATE, certificate.pem(), 0o644)];
    for (name, text, mode) in files {
        let (path, begun) = (folder.join(name), folder.join(format!("{name}.part")));
        let file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&begun);
        let written = file.and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
        written.and_then(|()| fs::rename(&begun, &path)).map_err(|error| writing(&path, &error))?;
    }
    Ok(())
}

/// The moment so many days later, as text that sorts.
fn date_text(today: model::Timestamp, days: i64) -> String {
    let nanoseconds = days.saturating_mul(86_400).saturating_mul(1_000_000_000);
    model::Timestamp(today.0.saturating_add(nanoseconds)).to_string()
}

/// SHA-256 as browsers show it.
fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    Sha256::digest(certificate).iter().map(|byte| HEXUPPER.encode(&[*byte])).collect::<Vec<_>>().join(":")
}

/// Whether the certificate that is there was made here and ends within a month. Somebody's own is never touched.
fn is_ending(folder: &Path) -> bool {
    let made = fs::read_to_string(folder.join(MADE)).unwrap_or_default();
    let Some((ends, of)) = made.trim().split_once('\n') else { return false };
    let there = CertificateDer::from_pem_file(folder.join(CERTIFICATE));
    ends < date_text(clock::now(), RENEWED_DAYS).as_str() && there.is_ok_and(|there| fingerprint(&there) == of)
}
