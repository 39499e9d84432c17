//! What the command line says, checked: plain HTTP never leaves this machine (ARCHITECTURE.md, decision 10).

use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// `binhchon serve …`, as it was typed.
#[derive(Clone, Debug, clap::Args)]
pub struct ServeArguments {
    /// Address and port to listen on.
    #[arg(long, default_value = "127.0.0.1:3000")]
    pub addr: SocketAddr,
    /// Folder of the built front end.
    #[arg(long, env = "BINHCHON_SITE", default_value = "target/site/debug")]
    pub site: PathBuf,
    /// Certificate chain (PEM); with it the server speaks HTTPS itself.
    #[arg(long, requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long, requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// The https:// address under which a proxy in front of this server is reached.
    #[arg(long)]
    pub public_url: Option<String>,
    /// Address or network of that proxy; may be repeated.
    #[arg(long)]
    pub trusted_proxy: Vec<String>,
    /// Days after which a session that nobody uses ends.
    #[arg(long, default_value_t = 14)]
    pub session_days: u16,
    /// Sign receipts with another key than before; jurors must then sign out and in again.
    #[arg(long)]
    pub replace_receipt_key: bool,
}

/// How the server is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Plain HTTP on this machine alone.
    Loopback,
    /// HTTPS by the server itself: certificate chain and key.
    Tls(PathBuf, PathBuf),
    /// Behind a proxy that speaks HTTPS under this origin.
    Proxy {
        /// `https://…`, without a path.
        origin: String,
        /// Who may pass requests on.
        trusted: Vec<IpNet>,
    },
}

/// Settings of a running server.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen.
    pub addr: SocketAddr,
    /// The front end's folder.
    pub site: PathBuf,
    /// How it is reached.
    pub reach: Reach,
    /// Idle time after which a session ends, in milliseconds.
    pub session_idle_ms: i64,
    /// Accept a receipt key that isn't the database's last one.
    pub replace_receipt_key: bool,
}

/// Why the server won't start with these settings.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Passwords would travel in the clear.
    #[error(
        "{0} can be reached from other machines, and plain HTTP would show them every password: give --tls-cert and \
         --tls-key, or --public-url https://… and --trusted-proxy, or listen on 127.0.0.1"
    )]
    PlainHttp(SocketAddr),
    /// Not https, or with a path.
    #[error("--public-url must be https://host or https://host:port, without a path")]
    PublicUrl,
    /// Who is the proxy?
    #[error("--public-url needs --trusted-proxy: the address of the proxy that speaks HTTPS")]
    NoProxy,
    /// Not an address or network.
    #[error("--trusted-proxy {0} is not an IP address or network")]
    ProxyAddress(String),
    /// Both at once.
    #[error("give either --tls-cert and --tls-key or --public-url, not both")]
    TwoWays,
}

impl Settings {
    /// Checks what was typed.
    pub fn check(arguments: ServeArguments) -> Result<Self, SettingsError> {
        let reach = reach(&arguments)?;
        Ok(Self {
            addr: arguments.addr,
            site: arguments.site,
            reach,
            session_idle_ms: i64::from(arguments.session_days) * DAY_MS,
            replace_receipt_key: arguments.replace_receipt_key,
        })
    }

    /// Whether browsers reach it over HTTPS.
    pub fn is_https(&self) -> bool {
        self.reach != Reach::Loopback
    }

    /// Whether anybody but this machine can reach it.
    pub fn is_public(&self) -> bool {
        !self.addr.ip().is_loopback() || matches!(self.reach, Reach::Proxy { .. })
    }

    /// `__Host-` and `Secure` exist on HTTPS only; WebKit drops such cookies even on a loopback address.
    pub fn cookie_name(&self) -> &'static str {
        if self.is_https() { "__Host-session" } else { "session" }
    }
}

fn reach(arguments: &ServeArguments) -> Result<Reach, SettingsError> {
    let tls = arguments.tls_cert.clone().zip(arguments.tls_key.clone());
    match (tls, &arguments.public_url) {
        (Some(_), Some(_)) => Err(SettingsError::TwoWays),
        (Some((cert, key)), None) => Ok(Reach::Tls(cert, key)),
        (None, Some(url)) => {
            let trusted: Vec<IpNet> =
                arguments.trusted_proxy.iter().map(|text| network(text)).collect::<Result<_, _>>()?;
            let origin = url.trim_end_matches('/').to_ascii_lowercase();
            let host = origin.strip_prefix("https://").ok_or(SettingsError::PublicUrl)?;
            if host.is_empty() || host.contains(['/', '?', '#', '@']) {
                return Err(SettingsError::PublicUrl);
            }
            if trusted.is_empty() {
                return Err(SettingsError::NoProxy);
            }
            Ok(Reach::Proxy { origin, trusted })
        }
        (None, None) if arguments.addr.ip().is_loopback() => Ok(Reach::Loopback),
        (None, None) => Err(SettingsError::PlainHttp(arguments.addr)),
    }
}

fn network(text: &str) -> Result<IpNet, SettingsError> {
    let one = text.parse::<IpAddr>().map(IpNet::from);
    one.or_else(|_| text.parse::<IpNet>()).map_err(|_| SettingsError::ProxyAddress(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        serve: ServeArguments,
    }

    fn check(arguments: &[&str]) -> Result<Settings, SettingsError> {
        let cli = Cli::try_parse_from([&["serve"], arguments].concat()).unwrap();
        Settings::check(cli.serve)
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        assert_eq!(check(&[]).unwrap().reach, Reach::Loopback);
        assert_eq!(check(&["--addr", "[::1]:3000"]).unwrap().reach, Reach::Loopback);
        for addr in ["0.0.0.0:3000", "192.168.1.5:80", "[::]:3000"] {
            assert!(matches!(check(&["--addr", addr]), Err(SettingsError::PlainHttp(_))), "{addr}");
        }
    }

    #[test]
    fn beyond_loopback_tls_or_a_named_proxy_is_needed() {
        let tls = check(&["--addr", "0.0.0.0:443", "--tls-cert", "c", "--tls-key", "k"]).unwrap();
        assert_eq!((tls.cookie_name(), tls.is_public()), ("__Host-session", true));
        let proxy = ["--addr", "0.0.0.0:3000", "--public-url", "https://Cham.vn/", "--trusted-proxy", "10.0.0.0/8"];
        let proxy = check(&proxy).unwrap();
        assert!(matches!(&proxy.reach, Reach::Proxy { origin, .. } if origin == "https://cham.vn"));
        assert_eq!(check(&["--public-url", "https://cham.vn"]).unwrap_err(), SettingsError::NoProxy);
        for url in ["http://cham.vn", "https://cham.vn/x", "https://"] {
            let arguments = ["--public-url", url, "--trusted-proxy", "127.0.0.1"];
            assert_eq!(check(&arguments).unwrap_err(), SettingsError::PublicUrl, "{url}");
        }
        assert!(Cli::try_parse_from(["serve", "--tls-cert", "c"]).is_err(), "a certificate needs its key");
    }
}
