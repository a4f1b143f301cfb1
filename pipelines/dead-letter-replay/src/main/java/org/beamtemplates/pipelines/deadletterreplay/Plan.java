package org.beamtemplates.pipelines.deadletterreplay;

/** What a replay makes of one dead letter. */
sealed interface Plan permits Shipment, Plan.Leave {

  /**
   * It stays where it is.
   *
   * @param outcome why
   * @param detail what else there is to say
   */
  record Leave(Outcome outcome, String detail) implements Plan {}
}
