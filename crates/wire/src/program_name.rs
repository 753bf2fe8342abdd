//! What clients of databases call themselves: anything that somebody configured, people's names included. Told are listed words
//! of programs and the versions beside them; every other word becomes `*`, and a name without any listed word is not told.

use crate::line::Line;

/// The longest name that is looked at, in bytes.
const NAME_BYTES_MAX: usize = 128;
/// The longest version, in bytes.
const VERSION_BYTES_MAX: usize = 16;

/// Databases, drivers, tools and what they consist of; makers and systems of hospitals that keep their data in one.
static WORDS: &[&str] = &[
    "access",
    "ado",
    "admin",
    "administrator",
    "agent",
    "agfa",
    "analysis",
    "application",
    "archive",
    "azure",
    "backup",
    "basebackup",
    "bcp",
    "browser",
    "canon",
    "carestream",
    "centricity",
    "cerner",
    "citrix",
    "client",
    "components",
    "connect",
    "core",
    "data",
    "database",
    "datagrip",
    "dbd",
    "dbeaver",
    "dbi",
    "dcm4chee",
    "dicom",
    "draeger",
    "driver",
    "dump",
    "edition",
    "enterprise",
    "epic",
    "excel",
    "express",
    "for",
    "framework",
    "freetds",
    "fujifilm",
    "ge",
    "gateway",
    "go",
    "grafana",
    "healthcare",
    "hibernate",
    "hikari",
    "hl7",
    "ibm",
    "iguana",
    "impax",
    "information",
    "integration",
    "intellisense",
    "intellispace",
    "internet",
    "iis",
    "java",
    "jboss",
    "jdbc",
    "job",
    "jtds",
    "keycloak",
    "libpq",
    "management",
    "mars",
    "medical",
    "meditech",
    "metabase",
    "microsoft",
    "mirth",
    "monitor",
    "mssql",
    "net",
    "node",
    "npgsql",
    "odbc",
    "office",
    "ole",
    "oledb",
    "openssl",
    "operating",
    "oracle",
    "orbis",
    "orthanc",
    "pacs",
    "pentaho",
    "perl",
    "pg",
    "pgadmin",
    "pgbouncer",
    "philips",
    "php",
    "pool",
    "postgres",
    "postgresql",
    "provider",
    "psql",
    "psqlodbc",
    "psycopg",
    "psycopg2",
    "pyodbc",
    "pymssql",
    "python",
    "query",
    "receiver",
    "replication",
    "report",
    "reporting",
    "restore",
    "ris",
    "roche",
    "ruby",
    "server",
    "service",
    "services",
    "session",
    "siemens",
    "spring",
    "sql",
    "sqlalchemy",
    "sqlclient",
    "sqlcmd",
    "ssis",
    "ssms",
    "standard",
    "studio",
    "syngo",
    "system",
    "systems",
    "tableau",
    "tds",
    "tedious",
    "telemetry",
    "the",
    "tomcat",
    "tool",
    "veeam",
    "visual",
    "vmware",
    "vue",
    "walreceiver",
    "web",
    "wildfly",
    "windows",
    "workstation",
    "zabbix",
];

/// What may be told of a name.
pub(crate) fn told(name: &str) -> Line {
    let mut line = Line::new();
    if name.len() > NAME_BYTES_MAX {
        return line;
    }
    let (mut is_listed, mut before) = (false, None);
    for word in name.split_whitespace() {
        if before.is_some() {
            line.extend(b" ");
        }
        let is_program = is_program(word);
        is_listed |= is_program;
        let is_told = is_program || (before == Some(true) && is_version(word));
        line.extend(if is_told { word.as_bytes() } else { b"*" });
        before = Some(is_told);
    }
    if is_listed { line } else { Line::new() }
}

/// Every part of the word is listed, as in `.Net`, `Microsoft.Data.SqlClient` or `DBD::Pg`.
fn is_program(word: &str) -> bool {
    let mut parts =
        word.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).peekable();
    let is_ascii = word.is_ascii() && parts.peek().is_some();
    is_ascii && parts.all(|part| WORDS.iter().any(|listed| listed.eq_ignore_ascii_case(part)))
}

/// Numbers of at most two digits, or a year's four, joined by dots: no date, no number of anybody.
fn is_version(word: &str) -> bool {
    let is_number = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let word = word.trim_start_matches(['v', 'V']);
    word.len() <= VERSION_BYTES_MAX && word.split('.').all(is_number) && !model::form::is_personal(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_and_people_are_not() {
        let told = |name: &str| String::from_utf8(told(name).as_bytes().to_vec()).unwrap();
        for name in [
            "Microsoft SQL Server Management Studio - Query",
            ".Net SqlClient Data Provider",
            "Microsoft JDBC Driver for SQL Server",
            "psql",
            "pgAdmin 4",
            "DBeaver 22.1.0",
        ] {
            assert_eq!(told(name).replace('*', "-"), name);
        }
        for name in
            ["", "Canary Anna", "CANARY^ANNA", "canary.anna@example.org", "4711000815", "1950", "psqlanna", "Änne"]
        {
            assert_eq!(told(name), "", "{name}");
        }
        assert_eq!(told("Report for Canary Anna 1950"), "Report for * * *");
        assert_eq!(told("psql 4711000815"), "psql *");
        assert_eq!(told("psql 01.01.1950"), "psql *");
        assert_eq!(told(&"psql ".repeat(100)), "");
    }
}
