package org.beamtemplates.transforms.launch;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On the getter of a text option: its value is a duration as {@link Durations} reads it. Checked at
 * launch together with all other options.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface DurationOption {

  /** Shortest duration allowed, such as {@code 1s}; empty if there is none. */
  String min() default "";

  /** Longest duration allowed; empty if there is none. */
  String max() default "";
}
