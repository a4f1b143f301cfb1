package org.beamtemplates.transforms.enrich;

/** Nothing is known for an element's key. Never thrown: it tells a dead letter what was wrong. */
final class MissException extends Exception {

  private static final long serialVersionUID = 1L;

  MissException(Object key) {
    // Without a stack: it would be the same each time, and costs more than the rest.
    super("nothing is known for the key " + key, null, false, false);
  }
}
