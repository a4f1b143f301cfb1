package org.beamtemplates.transforms.aggregate.fn;

import java.io.Serializable;
import java.util.function.ToDoubleFunction;

/**
 * Takes a floating-point number from an element; must not throw.
 *
 * @param <T> type of the elements
 */
@FunctionalInterface
public interface ToDouble<T> extends ToDoubleFunction<T>, Serializable {}
