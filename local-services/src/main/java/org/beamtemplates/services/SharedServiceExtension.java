package org.beamtemplates.services;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Resolves parameters of one type to one instance, which lives as long as the test run. */
abstract class SharedServiceExtension<T extends AutoCloseable> implements ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(SharedServiceExtension.class);

  private final Class<T> type;
  private final Supplier<T> start;

  SharedServiceExtension(Class<T> type, Supplier<T> start) {
    this.type = type;
    this.start = start;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == type;
  }

  /** JUnit closes what is kept in the root context's store when the last test has ended. */
  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(type, key -> start.get(), type);
  }
}
