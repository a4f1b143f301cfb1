package org.beamtemplates.transforms.launch;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On the getter of a text option (or a list of texts): the values that are allowed, letter by
 * letter. An option whose type is an enum needs no such annotation.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OneOf {

  /** The allowed values. */
  String[] value();
}
