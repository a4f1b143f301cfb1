package org.beamtemplates.transforms.launch;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On the getter of a text option (or a list of texts): a pattern that the whole value must match.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Matches {

  /** Regular expression of {@link java.util.regex.Pattern}. */
  String value();

  /** What the pattern asks for, in words: it is what a user gets to read. */
  String hint();
}
