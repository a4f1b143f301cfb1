package org.beamtemplates.pipelines.deadletterreplay;

/** Another replay with the same ledger sends for this shard now: what is left is for it. */
final class TakenOverException extends Exception {

  private static final long serialVersionUID = 1L;

  TakenOverException(Throwable cause) {
    super(cause);
  }
}
