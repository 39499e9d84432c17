//! The program itself, and what it says when it can't start.

use crate::events::Events;
use crate::world::temporary_folder;
use axum::body::Body;
use domain::sync::wire::{Push, Pushed};
use reqwest::{Client, header};
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::task::JoinHandle;

fn binhchon(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_binhchon"));
    command.env_remove("DATABASE_URL").env("BINHCHON_LOG", "info").stdin(Stdio::null());
    command.args(arguments).arg("--data").arg(data);
    command
}

fn refused(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{said}");
    assert!(!said.contains("panicked") && !said.contains("backtrace"), "{said}");
    let lines: Vec<_> = said.lines().filter(|line| !line.contains(" INFO ")).collect();
    assert_eq!(lines.len(), 1, "one line: {said}");
    lines[0].to_owned()
}

#[test]
fn what_prevents_serving_is_said_in_one_line() {
    let folder = temporary_folder();
    let data = folder.path().join("data");
    let said = refused(&binhchon(&data, &["serve", "--addr", "0.0.0.0:0"]).output().unwrap());
    assert!(said.contains("--tls-cert") && said.contains("--public-url"), "{said}");

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let said = refused(&binhchon(&data, &["serve", "--addr", &addr]).output().unwrap());
    assert!(said.contains(&addr) && said.contains("taken"), "{said}");

    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let said = refused(&binhchon(&file, &["migrate"]).output().unwrap());
    assert!(said.contains("data folder"), "{said}");

    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("binhchon.db"), "this is a letter, not a database".repeat(100)).unwrap();
    let said = refused(&binhchon(&data, &["migrate"]).output().unwrap());
    assert!(said.contains("database"), "{said}");

    let said = refused(&binhchon(&data, &["migrate", "--database-url", "mysql://x"]).output().unwrap());
    assert!(said.contains("sqlite://") && said.contains("postgres://"), "{said}");
}

/// Decision 11: demo accounts never leave this machine.
#[test]
fn demo_accounts_are_never_served_to_others() {
    let folder = temporary_folder();
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../sample/small");
    assert!(binhchon(folder.path(), &["sample", "--from", sample]).output().unwrap().status.success());
    let proxy = ["serve", "--addr", "127.0.0.1:0", "--public-url", "https://cham.vn", "--trusted-proxy", "127.0.0.1"];
    let said = refused(&binhchon(folder.path(), &proxy).output().unwrap());
    assert!(said.contains("demo accounts"), "{said}");
}

fn add_user(data: &Path, name: &str, password: &str) -> Output {
    let mut command = binhchon(data, &["user", "add", "--name", name, "--role", "administrator"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The program may refuse before it reads.
    drop(child.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes()));
    child.wait_with_output().unwrap()
}

#[tokio::test]
async fn the_first_administrator_is_added_by_hand() {
    let folder = temporary_folder();
    for (password, reason) in [("kho4", "8 to 128"), ("password123", "first that an attacker tries")] {
        assert!(refused(&add_user(folder.path(), "quantri", password)).contains(reason));
    }
    assert!(add_user(folder.path(), "quantri", "khoacuathep39").status.success());
    assert!(refused(&add_user(folder.path(), "quantri", "khoacuathep40")).contains("exists already"));
    let program = Program::start(None, Arc::new(folder));
    let cookie = program.sign_in("quantri", "khoacuathep39").await;
    let totals = program.client.get(program.url("/api/v1/rounds/visit/totals")).header(header::COOKIE, &cookie);
    assert_eq!(totals.send().await.unwrap().status(), 403);
}

/// Decision 10: beyond loopback the server speaks TLS itself, and the session's cookie is bound to it.
#[tokio::test]
async fn with_a_certificate_it_serves_https_alone() {
    let folder = temporary_folder();
    assert!(add_user(folder.path(), "quantri", "khoacuathep39").status.success());
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let tls = ["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let arguments: Vec<&str> = ["serve", "--addr", "0.0.0.0:0"].into_iter().chain(tls).collect();
    let root = reqwest::Certificate::from_der(made.cert.der()).unwrap();
    let client = http().tls_certs_only([root]).build().unwrap();
    let command = binhchon(folder.path(), &arguments);
    let mut program = Program::serve(command, client, None, Arc::new(folder));
    program.addr = program.addr.replace("0.0.0.0", "127.0.0.1");

    let body = json!({ "name": "quantri", "password": "khoacuathep39" });
    let url = program.url("/api/v1/session");
    assert!(program.client.post(&url).header("x-binhchon", "1").json(&body).send().await.is_err(), "plain HTTP");
    let https = url.replace("http://", "https://");
    let answer = program.client.post(&https).header("x-binhchon", "1").json(&body).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (200, reqwest::Version::HTTP_2));
    assert!(answer.headers().contains_key(header::STRICT_TRANSPORT_SECURITY));
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(
        cookie.starts_with("__Host-session=") && cookie.contains("; Secure") && cookie.contains("; HttpOnly"),
        "{cookie}"
    );
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let who = program.client.get(&https).header(header::COOKIE, cookie).send().await.unwrap();
    assert_eq!(who.status(), 200);
}

#[test]
fn a_certificate_that_is_none_is_named() {
    let folder = temporary_folder();
    let file = folder.path().join("cert.pem");
    std::fs::write(&file, "no certificate").unwrap();
    let path = file.to_str().unwrap();
    let said = refused(
        &binhchon(folder.path(), &["serve", "--addr", "0.0.0.0:0", "--tls-cert", path, "--tls-key", path])
            .output()
            .unwrap(),
    );
    assert!(said.contains("--tls-cert"), "{said}");
}

/// A client of this machine alone.
fn http() -> reqwest::ClientBuilder {
    // A second call finds the provider set, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder().no_proxy()
}

/// The running program.
pub struct Program {
    pub child: Child,
    addr: String,
    pub client: Client,
    database: Option<String>,
    folder: Arc<TempDir>,
}

impl Program {
    pub fn start(database: Option<String>, folder: Arc<TempDir>) -> Self {
        let database_url = database.iter().flat_map(|url| ["--database-url", url]);
        let arguments: Vec<&str> = ["serve", "--addr", "127.0.0.1:0"].into_iter().chain(database_url).collect();
        let command = binhchon(folder.path(), &arguments);
        Self::serve(command, http().build().unwrap(), database, folder)
    }

    fn serve(mut command: Command, client: Client, database: Option<String>, folder: Arc<TempDir>) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let addr = lines.find_map(|line| Some(line.split_once("addr=")?.1.trim().to_owned())).expect("it serves");
        // Whoever doesn't read a program's log stops it in the end.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, addr, client, database, folder }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    pub async fn sign_in(&self, name: &str, password: &str) -> String {
        let body = json!({ "name": name, "password": password });
        let request = self.client.post(self.url("/api/v1/session")).header("x-binhchon", "1").json(&body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    pub async fn post(
        &self,
        cookie: &str,
        path: &str,
        body: &impl serde::Serialize,
    ) -> reqwest::Result<reqwest::Response> {
        let request = self.client.post(self.url(path)).header("x-binhchon", "1").header(header::COOKIE, cookie);
        request.json(body).send().await
    }

    pub async fn get(&self, cookie: &str, path: &str) -> reqwest::Result<reqwest::Response> {
        self.client.get(self.url(path)).header(header::COOKIE, cookie).send().await
    }

    pub async fn put_photo(&self, cookie: &str, path: &str, bytes: Vec<u8>) -> reqwest::Result<reqwest::Response> {
        let request = self.client.put(self.url(path)).header("x-binhchon", "1").header(header::COOKIE, cookie);
        request.header(header::CONTENT_TYPE, "image/jpeg").body(bytes).send().await
    }

    /// The same bytes so many times over one connection, each time all of them before anything of the answer is read; the
    /// first line of each answer.
    pub fn put_before_listening(&self, cookie: &str, path: &str, bytes: &[u8], times: usize) -> Vec<String> {
        let mut connection = BufReader::new(TcpStream::connect(&self.addr).unwrap());
        let head = format!(
            "PUT {path} HTTP/1.1\r\nhost: {}\r\nx-binhchon: 1\r\ncookie: {cookie}\r\ncontent-type: image/jpeg\r\ncontent-length: {}\r\n\r\n",
            self.addr,
            bytes.len()
        );
        let once = |_| {
            connection.get_mut().write_all(&[head.as_bytes(), bytes].concat()).unwrap();
            let lines: Vec<String> =
                connection.by_ref().lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
            let length = lines.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap();
            connection.read_exact(&mut vec![0; length]).unwrap();
            lines[0].clone()
        };
        (0..times).map(once).collect()
    }

    pub async fn push(&self, cookie: &str, push: &Push) -> Option<Pushed> {
        self.post(cookie, "/api/v1/sync/push", push).await.ok()?.json().await.ok()
    }

    /// A push that is on its way by itself: the program may be killed under it.
    pub fn push_meanwhile(&self, cookie: &str, push: &Push) -> JoinHandle<Option<Pushed>> {
        let request = self.client.post(self.url("/api/v1/sync/push")).header("x-binhchon", "1");
        let request = request.header(header::COOKIE, cookie).json(push);
        tokio::spawn(async move { request.send().await.ok()?.json().await.ok() })
    }

    pub async fn watch(&self, cookie: &str, after: &str) -> Events {
        let url = self.url(&format!("/api/v1/rounds/visit/live?after={after}"));
        let response = self.client.get(url).header(header::COOKIE, cookie).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let chunks = futures_util::stream::unfold(response, |mut response| async {
            let chunk = response.chunk().await.ok()??;
            Some((Ok::<_, std::io::Error>(chunk), response))
        });
        Events::new(Body::from_stream(chunks))
    }

    /// SIGKILL, and a new program on the same data.
    pub fn kill_and_restart(mut self) -> Self {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        Self::start(self.database.clone(), Arc::clone(&self.folder))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
