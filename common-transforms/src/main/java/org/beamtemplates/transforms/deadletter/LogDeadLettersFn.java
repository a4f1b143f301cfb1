package org.beamtemplates.transforms.deadletter;

import org.apache.beam.sdk.transforms.DoFn;
import org.beamtemplates.schemas.DeadLetter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a line for every dead letter to the log. */
final class LogDeadLettersFn extends DoFn<DeadLetter, Void> {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger("org.beamtemplates.deadletters");

  @ProcessElement
  public void process(@Element DeadLetter letter) {
    LOG.warn(
        "{} {} in {} from {} partition {} offset {}: {}",
        letter.getCategory(),
        letter.getId(),
        letter.getStage(),
        letter.getSource(),
        letter.getPartition(),
        letter.getOffset(),
        letter.getErrorMessage());
  }
}
