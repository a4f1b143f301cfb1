package org.beamtemplates.transforms.launch;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On the getter of an option: where it stands in the description of its template. Options without
 * it come last, by name.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Describe {

  /** Heading under which the option is listed. */
  String group();

  /**
   * Place in the list, smallest first, over all groups; a group stands where its first option does.
   */
  int order();

  /** A value to show in the example command; empty to leave the option out of it. */
  String example() default "";
}
