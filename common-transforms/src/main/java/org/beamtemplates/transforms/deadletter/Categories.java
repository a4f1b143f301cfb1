package org.beamtemplates.transforms.deadletter;

/**
 * The known values of {@code DeadLetter.category}. It is a string and not an enum, so that a reader
 * of an older version can read a category that it does not know.
 */
public final class Categories {

  /** The bytes could not be decoded. */
  public static final String DECODE = "DECODE";

  /** The record was decoded, but its content breaks a rule. */
  public static final String VALIDATE = "VALIDATE";

  /** The function that was applied to the record failed. */
  public static final String PROCESS = "PROCESS";

  /** The record could not be joined with what it needed. */
  public static final String ENRICH = "ENRICH";

  /** The record came after its window was closed for good. */
  public static final String LATE = "LATE";

  /** The result could not be written, and never can be. */
  public static final String DELIVER = "DELIVER";

  private Categories() {}
}
