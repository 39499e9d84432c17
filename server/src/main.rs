//! `binhchon`: serve, migrate, sample, verify, user add.

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use domain::access::Role;
use domain::ids::UserId;
use domain::log::LogEnd;
use domain::sync::receipt::Receipt;
use server::clock::Nature;
use server::db::{Db, open, users};
use server::evidence::verify::{Report, Witnesses, verify};
use server::keys;
use server::passwords::{self, Passwords};
use server::sample;
use server::serve::{listen, serve};
use server::settings::{ServeArguments, Settings};
use server::state::App;
use std::io::{IsTerminal, stdin};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(name = "binhchon", version, about = "Server of Bình chọn CNNT")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the app and its API.
    Serve {
        #[command(flatten)]
        storage: Storage,
        #[command(flatten)]
        serve: ServeArguments,
    },
    /// Bring the database up to date, and nothing else.
    Migrate {
        #[command(flatten)]
        storage: Storage,
    },
    /// Fill an empty database with the sample edition and its demo accounts.
    Sample {
        #[command(flatten)]
        storage: Storage,
        /// The folder with the sample's files.
        #[arg(long, default_value = "sample")]
        from: PathBuf,
    },
    /// Replay the log, check every chain and signature, and count all totals anew. Changes nothing.
    Verify {
        #[command(flatten)]
        storage: Storage,
        /// An end that was written down earlier, such as a published result's: <position>:<head>.
        #[arg(long)]
        expect: Option<LogEnd>,
        /// A file of receipts, as tablets show them: one JSON object a line.
        #[arg(long)]
        receipts: Option<PathBuf>,
    },
    /// Manage accounts.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
}

#[derive(Subcommand)]
enum UserCommand {
    /// Add an account; the password is read from standard input.
    Add {
        #[command(flatten)]
        storage: Storage,
        /// Account name, to sign in with.
        #[arg(long)]
        name: String,
        /// juror, secretary, organiser or administrator.
        #[arg(long)]
        role: Role,
        /// As others read it; the account name if not given.
        #[arg(long)]
        display_name: Option<String>,
    },
}

#[derive(Args)]
struct Storage {
    /// Folder of the database and, under `keys`, the master key.
    #[arg(long, env = "BINHCHON_DATA", default_value = "data")]
    data: PathBuf,
    /// sqlite://… or postgres://…; the data folder's own database if not given.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// One JSON object a log line.
    #[arg(long)]
    log_json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("binhchon: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    match cli.command {
        Command::Serve { storage, serve } => run_server(&storage, serve).await,
        Command::Migrate { storage } => {
            let db = storage.open().await?;
            db.close().await;
            println!("The database is up to date.");
            Ok(())
        }
        Command::Sample { storage, from } => {
            let db = storage.open().await?;
            println!("{}", sample::import(db, Nature::of_this_machine(), &storage.data, &from).await?);
            Ok(())
        }
        Command::Verify { storage, expect, receipts } => {
            let receipts = receipts.as_deref().map(read_receipts).transpose()?.unwrap_or_default();
            let db = storage.open_existing().await?;
            let own_keys = keys::own(&db, &storage.data).await?;
            let witnesses = Witnesses { end: expect, receipts: &receipts, own_keys: own_keys.as_deref() };
            let report = verify(&db, witnesses).await?;
            db.close().await;
            say(&report.context("the database has no edition")?, own_keys.is_some())
        }
        Command::User { command: UserCommand::Add { storage, name, role, display_name } } => {
            let db = storage.open().await?;
            add_user(&db, name.trim(), role, display_name.as_deref()).await?;
            db.close().await;
            Ok(())
        }
    }
}

async fn run_server(storage: &Storage, arguments: ServeArguments) -> Result<()> {
    let settings = Settings::check(arguments)?;
    let listener = listen(settings.addr)?;
    let db = storage.open().await?;
    if settings.is_public() && users::any_demo(&db).await? {
        bail!("demo accounts exist, whose passwords everybody knows: serve this database on 127.0.0.1 only");
    }
    let app = App::start(settings, db, Nature::of_this_machine(), &storage.data).await?;
    serve(app, listener).await
}

async fn add_user(db: &Db, name: &str, role: Role, display_name: Option<&str>) -> Result<()> {
    if name.is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
        bail!("an account name has 1 to 64 characters");
    }
    if users::find(db, name).await?.is_some() {
        bail!("the account {name} exists already");
    }
    let password = read_password()?;
    passwords::check_new(&password)?;
    let nature = Nature::of_this_machine();
    let password_hash = Passwords::default().hash(password, nature.bytes()).await?;
    let mut tx = db.write().await?;
    let user = users::NewUser {
        id: UserId(nature.id()),
        name,
        display_name: display_name.unwrap_or(name),
        title: "",
        role,
        password_hash: &password_hash,
        demo: false,
        created_at: nature.now(),
    };
    users::insert(&mut tx, &user).await?;
    tx.commit().await?;
    println!("Added {name} ({}).", role.as_str());
    Ok(())
}

fn read_receipts(path: &Path) -> Result<Vec<Receipt>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let read = |(number, line)| {
        serde_json::from_str(line).with_context(|| format!("{}, line {number}: not a receipt", path.display()))
    };
    lines.map(read).collect()
}

/// Prints what verifying came to; findings are an error.
fn say(report: &Report, knows_signer: bool) -> Result<()> {
    let Report { edition, end, signer, ops, acts, totals, result, findings } = report;
    println!("{edition}: {ops} operations, {acts} acts");
    println!("end of the log  {end}");
    let signer = signer.as_deref().unwrap_or("nobody");
    match knows_signer {
        true => println!("signed by       {signer}"),
        false => println!("signed by       {signer}, as the database says: there is no master key here to check it by"),
    }
    for (round, products, digest) in totals {
        println!("totals          {digest}  {round}, {products} products");
    }
    println!("result          {result}");
    for finding in findings {
        println!("CHANGED  {finding}");
    }
    match findings.len() {
        0 => println!("Every chain and signature holds."),
        count => bail!("{count} findings: this is not the log that was written"),
    }
    Ok(())
}

fn read_password() -> Result<String> {
    if stdin().is_terminal() {
        return rpassword::prompt_password("Password: ").context("the password can't be read");
    }
    let mut line = String::new();
    stdin().read_line(&mut line).context("the password can't be read")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

impl Storage {
    /// As it is: neither made nor brought up to date.
    async fn open_existing(&self) -> Result<Db> {
        self.start_log();
        Ok(match &self.database_url {
            Some(url) => open::open_existing(url).await?,
            None => open::open_existing_file(&self.data.join("binhchon.db")).await?,
        })
    }

    async fn open(&self) -> Result<Db> {
        self.start_log();
        make_folder(&self.data)?;
        Ok(match &self.database_url {
            Some(url) => open::open(url).await?,
            None => open::open_file(&self.data.join("binhchon.db")).await?,
        })
    }

    fn start_log(&self) {
        let filter = EnvFilter::try_from_env("BINHCHON_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
        let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        if self.log_json {
            log.json().init();
        } else {
            log.with_ansi(std::io::stderr().is_terminal()).with_target(false).init();
        }
    }
}

fn make_folder(data: &Path) -> Result<()> {
    let mut folder = std::fs::DirBuilder::new();
    // Marks and password hashes are nobody's but the server's.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    let made = folder.recursive(true).create(data);
    made.with_context(|| format!("the data folder {} can't be made", data.display()))?;
    let probe = data.join(".writable");
    std::fs::write(&probe, "").with_context(|| format!("the data folder {} can't be written to", data.display()))?;
    Ok(std::fs::remove_file(probe)?)
}
