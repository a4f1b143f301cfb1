package org.beamtemplates.transforms.launch;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How many dead letters a job may make before the launcher stops it. A template takes part by
 * extending this with its options.
 *
 * <p>The launcher looks at the stage counters twice a second and cancels the job through its
 * runner: an exception in a step would only restart it. It waits for two seconds first, in which
 * the bundle ends that the letters are in, and sinks write them; one that writes files from time to
 * time may not have them yet. Nothing is lost: a job that goes on from its checkpoint reads those
 * records again. The exit code is {@value Launcher#STOPPED_BY_POLICY}. Works where the runner tells
 * the counters of a running job (Direct, embedded Flink); elsewhere it is decided when the job has
 * ended.
 *
 * <p>Late records count for neither.
 */
public interface DeadLetterPolicyOptions extends PipelineOptions {

  @Describe(group = "Stop", order = 900)
  @Description("Stop the job at the first dead letter that is not late.")
  @Default.Boolean(false)
  boolean getFailFast();

  void setFailFast(boolean value);

  @Describe(group = "Stop", order = 901)
  @Description(
      "Stop the job when a stage makes dead letters of more than this share of its records, from 0"
          + " to 1, such as 0.05; late ones aside.")
  @Range(min = 0, max = 1)
  @Nullable Double getMaxDeadLetterRate();

  void setMaxDeadLetterRate(@Nullable Double value);

  @Describe(group = "Stop", order = 902)
  @Description("Time that the share of dead letters is taken of, by the clock.")
  @Default.String("1m")
  @DurationOption(min = "1s", max = "1d")
  String getDeadLetterRateWindow();

  void setDeadLetterRateWindow(String value);

  @Describe(group = "Stop", order = 903)
  @Description("Records that a stage must have had in that time before their share counts.")
  @Default.Integer(100)
  @Range(min = 1)
  int getDeadLetterRateMinimum();

  void setDeadLetterRateMinimum(int value);
}
