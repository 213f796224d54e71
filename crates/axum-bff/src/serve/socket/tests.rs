use super::*;
use tempfile::TempDir;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bff.sock");
    (folder, path)
}

fn files(folder: &TempDir) -> usize {
    std::fs::read_dir(folder.path()).expect("a folder").count()
}

#[tokio::test]
async fn a_socket_has_its_permissions_and_goes_with_its_process() {
    let (folder, path) = folder();
    for mode in [0o600, 0o660, 0o666] {
        let (listener, file) = listen(&path, mode).await.expect("it listens");
        let permissions = std::fs::metadata(&path).expect("a file").permissions();
        assert_eq!(permissions.mode() & 0o777, mode);
        assert_eq!(files(&folder), 1, "nothing else is left there");
        let (connected, accepted) = tokio::join!(UnixStream::connect(&path), listener.accept());
        assert!(connected.is_ok() && accepted.is_ok());
        drop((listener, file));
        assert_eq!(files(&folder), 0);
    }
}

#[tokio::test]
async fn the_socket_of_a_dead_process_is_replaced_and_that_of_a_live_one_is_not() {
    let (_folder, path) = folder();
    drop(std::os::unix::net::UnixListener::bind(&path).expect("a socket"));
    assert!(path.exists(), "the system leaves the file");
    let first = listen(&path, 0o660).await.expect("it replaces the file");
    let second = listen(&path, 0o660).await;
    assert!(matches!(second, Err(SocketError::InUse)), "{second:?}");
    drop(first);
    listen(&path, 0o660).await.expect("the first one has gone");
}

#[tokio::test]
async fn a_file_that_is_no_socket_stays_as_it_is() {
    let (folder, path) = folder();
    std::fs::write(&path, "mine").expect("written");
    let refused = listen(&path, 0o660).await;
    assert!(matches!(refused, Err(SocketError::NoSocket)), "{refused:?}");
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), "mine");
    let nowhere = listen(&folder.path().join("nowhere/bff.sock"), 0o660).await;
    assert!(matches!(nowhere, Err(SocketError::System(_))), "{nowhere:?}");
}

#[tokio::test]
async fn the_socket_of_a_successor_is_not_removed() {
    let (_folder, path) = folder();
    let (listener, file) = listen(&path, 0o660).await.expect("it listens");
    drop(listener);
    let (successor, of_successor) = listen(&path, 0o660).await.expect("nobody answers");
    assert!(!file.is_in_its_place() && of_successor.is_in_its_place());
    drop(file);
    assert!(UnixStream::connect(&path).await.is_ok(), "it is the successor's");
    drop((successor, of_successor));
    assert!(!path.exists());
}

#[tokio::test]
async fn what_a_process_with_the_same_number_has_left_is_in_nobodys_way() {
    let (folder, path) = folder();
    let left = folder.path().join(format!(".{}", std::process::id()));
    std::fs::create_dir(&left).expect("a folder");
    std::fs::write(left.join("s"), "").expect("a file");
    listen(&path, 0o660).await.expect("it listens");
    assert!(
        left.join("s").exists(),
        "it may be that of a live process in another container"
    );
}
