package org.beamtemplates.transforms.launch;

import java.io.IOException;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;

/** The job of a launch: one thread starts it and waits for it, another may ask it to stop. */
final class RunningJob {

  private PipelineResult result;
  private RunnerCapabilities runner;
  private boolean starting;
  private boolean stopRequested;

  /** Starts the pipeline and returns the state in which it ended. */
  PipelineResult.State startAndWait(Pipeline pipeline, RunnerCapabilities by) throws IOException {
    synchronized (this) {
      if (stopRequested) {
        return PipelineResult.State.CANCELLED;
      }
      starting = true;
    }
    PipelineResult started = by.start(pipeline);
    boolean stopAtOnce;
    synchronized (this) {
      result = started;
      runner = by;
      stopAtOnce = stopRequested;
    }
    if (stopAtOnce) {
      by.stop(started);
    }
    started.waitUntilFinish();
    return started.getState();
  }

  /** Asks the job to stop; returns whether there is one. One that is just starting stops then. */
  boolean stop() throws IOException {
    PipelineResult running;
    RunnerCapabilities by;
    synchronized (this) {
      stopRequested = true;
      running = result;
      by = runner;
      if (!starting) {
        return false;
      }
    }
    if (running != null) {
      by.stop(running);
    }
    return true;
  }

  /** Stops a job that is running, though nobody has asked for it. */
  void cancel() throws IOException {
    PipelineResult running;
    RunnerCapabilities by;
    synchronized (this) {
      running = result;
      by = runner;
    }
    if (running != null && !running.getState().isTerminal()) {
      by.stop(running);
    }
  }

  synchronized boolean stopRequested() {
    return stopRequested;
  }

  synchronized Optional<PipelineResult> result() {
    return Optional.ofNullable(result);
  }
}
