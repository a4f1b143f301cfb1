package org.beamtemplates.cli.demo;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.beamtemplates.cli.demo.Snapshot.Job;
import org.beamtemplates.transforms.demo.Sent;
import org.beamtemplates.transforms.launch.JobStatus;
import org.beamtemplates.transforms.launch.JobStatus.Stage;

/** Puts together what is known at one moment. Belongs to one thread. */
final class Observer {

  private final String title;
  private final List<String> places;
  private final Duration length;
  private final Producing producing;
  private final JobProcess job;
  private final DeadLetterWatch deadLetters;
  private final StoreWatch store;
  private final Rate sentRate = new Rate();
  private final Rate readRate = new Rate();

  Observer(
      String title,
      List<String> places,
      Duration length,
      Producing producing,
      JobProcess job,
      DeadLetterWatch deadLetters,
      StoreWatch store) {
    this.title = title;
    this.places = places;
    this.length = length;
    this.producing = producing;
    this.job = job;
    this.deadLetters = deadLetters;
    this.store = store;
  }

  Snapshot look() {
    long now = System.nanoTime();
    Duration elapsed = producing.sinceStart();
    Sent sent = producing.sent();
    Job counted = counted(now);
    return new Snapshot(
        title,
        producing.hasEnded()
            ? "traffic has ended, windows close"
            : Numbers.clock(length.minus(elapsed)) + " of traffic left",
        (double) elapsed.toMillis() / length.toMillis(),
        sent,
        sentRate.perSecond(now, sent.total()),
        counted,
        producing.eventTimeOf(Math.max(0, sent.total() - counted.read())),
        store.seen(),
        deadLetters.found(),
        places);
  }

  private Job counted(long now) {
    Optional<JobStatus> status = job.status();
    List<Stage> stages = status.map(JobStatus::stages).orElse(List.of());
    if (stages.isEmpty()) {
      return Job.STARTING;
    }
    // The first stage has the most records.
    long read = stages.stream().mapToLong(Stage::in).max().orElse(0);
    return new Job(
        true,
        read,
        readRate.perSecond(now, read),
        stages.stream().mapToLong(Stage::dead).sum(),
        stages.stream().mapToLong(Stage::duplicate).sum(),
        stages.stream().mapToLong(Stage::late).sum());
  }
}
