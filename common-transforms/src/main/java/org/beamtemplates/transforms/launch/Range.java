package org.beamtemplates.transforms.launch;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On the getter of a numeric option: the smallest and the largest value allowed, both inclusive.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Range {

  /** Smallest value allowed. */
  long min() default Long.MIN_VALUE;

  /** Largest value allowed. */
  long max() default Long.MAX_VALUE;
}
