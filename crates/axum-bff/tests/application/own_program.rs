//! A program that builds its `Bff` itself, and does not call `run`.

use crate::application;

#[tokio::test]
async fn a_program_without_run_lists_its_routes_with_their_rules() {
    let list = axum_bff::routes(application).await.expect("a list");
    let has = |path: &str, rule: &str| {
        let mut lines = list.lines().map(|line| line.split_once(' ').expect("two columns"));
        lines.any(|(listed, said)| listed == path && said.trim() == rule)
    };
    assert!(has("/signed-out", "anybody"), "{list}");
    assert!(has("/report", "role staff"), "{list}");
    assert!(has("/mine", "signed in  by default"), "{list}");
}

#[cfg(unix)]
mod started {
    use crate::application;
    use axum_bff::Bff;
    use axum_bff::config::Config;
    use axum_bff::serve::Server;
    use std::process::Command;

    /// With this variable the test is the program: it was started with few descriptors.
    const IS_PROGRAM: &str = "TEST_IS_THE_PROGRAM";
    const NAME: &str = "own_program::started::a_program_without_run_starts_with_all_descriptors_and_says_its_risks";

    /// Starts, and ends at once.
    async fn program() {
        let settings = [
            ("BFF_LISTEN", "127.0.0.1:0"),
            // A variable of Kubernetes that looks like a setting.
            ("BFF_PORT", "tcp://10.0.0.7:80"),
            ("BFF_SERVICE_HOST", "10.0.0.7"),
            ("BFF_SERVICE_PORT", "80"),
        ];
        let config = Config::in_memory(&settings).expect("settings");
        let log = axum_bff::telemetry::start(&config.telemetry);
        let (bff, router) = application(Bff::builder().settings(config)).await.expect("it is built");
        let server = Server::start(bff, router).await.expect("it starts");
        server.run(async {}).await;
        log.flush();
    }

    #[tokio::test]
    async fn a_program_without_run_starts_with_all_descriptors_and_says_its_risks() {
        if std::env::var_os(IS_PROGRAM).is_some() {
            return program().await;
        }
        let executable = std::env::current_exe().expect("this test");
        let output = Command::new("/bin/sh")
            .args(["-c", "ulimit -S -n 100 && ulimit -H -n 300 && exec \"$0\" \"$@\""])
            .arg(executable)
            .args(["--exact", NAME])
            .env(IS_PROGRAM, "1")
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        for expected in [
            "\"soft\":\"300\"",
            "\"connections_lowered\"",
            "\"possible\":118",
            "\"setting_risky\"",
            "\"started\"",
        ] {
            assert!(said.contains(expected), "{expected} is not in: {said}");
        }
    }
}
