package org.beamtemplates.pipelines.deadletterreplay;

import java.time.Instant;

/** What a replay makes of one dead letter. */
sealed interface Plan permits Shipment, Plan.Leave, Plan.NotDue {

  /**
   * It stays where it is.
   *
   * @param outcome why
   * @param detail what else there is to say
   */
  record Leave(Outcome outcome, String detail) implements Plan {}

  /** It stays where it is for now. */
  record NotDue(Instant until) implements Plan {}
}
