use super::*;

#[tokio::test(start_paused = true)]
async fn a_recorder_goes_with_the_last_clone_although_a_task_keeps_it_up() {
    let metrics = Metrics::on();
    let recorder = Arc::downgrade(metrics.0.as_ref().expect("it is on"));
    tokio::time::sleep(UPKEEP * 3).await;
    assert!(recorder.upgrade().is_some(), "the application lives");
    drop(metrics);
    assert!(recorder.upgrade().is_none(), "the task holds nothing");
}

#[tokio::test]
async fn an_open_thing_counts_until_it_is_dropped() {
    let metrics = Metrics::on();
    let gauge = open_event_streams(metrics.recorder());
    let rendered = |value: &str| {
        let text = metrics.render().expect("it is on");
        text.contains(&format!("\nbff_open_event_streams {value}\n"))
    };
    let (one, other) = (Open::one(&gauge), Open::one(&gauge));
    assert!(rendered("2"));
    drop(one);
    assert!(rendered("1"));
    drop(other);
    assert!(rendered("0"));
}

#[test]
fn without_a_recorder_nothing_is_rendered() {
    let metrics = Metrics::default();
    open_event_streams(metrics.recorder()).increment(1.0);
    assert_eq!((metrics.are_on(), metrics.render()), (false, None));
}
