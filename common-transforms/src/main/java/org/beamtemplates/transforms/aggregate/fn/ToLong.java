package org.beamtemplates.transforms.aggregate.fn;

import java.io.Serializable;
import java.util.function.ToLongFunction;

/**
 * Takes a whole number from an element; must not throw.
 *
 * @param <T> type of the elements
 */
@FunctionalInterface
public interface ToLong<T> extends ToLongFunction<T>, Serializable {}
