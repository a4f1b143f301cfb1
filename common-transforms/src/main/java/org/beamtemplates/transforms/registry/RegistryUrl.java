package org.beamtemplates.transforms.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** What a registry's URL has to look like. No message repeats the URL: it may hold a password. */
final class RegistryUrl {

  private static final String EXAMPLE = ", such as http://localhost:8081";

  private RegistryUrl() {}

  static Optional<String> problem(String url) {
    if (url.isBlank()) {
      return Optional.of("is empty; give the registry's URL" + EXAMPLE);
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return Optional.of("is not a URL (" + e.getReason() + "); give one" + EXAMPLE);
    }
    String scheme = uri.getScheme();
    if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
      return Optional.of("has to begin with http:// or https://" + EXAMPLE);
    }
    if (uri.getRawUserInfo() != null || hasUserInfo(uri)) {
      return Optional.of("must not contain a user name or a password: URLs end up in logs");
    }
    if (uri.getHost() == null) {
      return Optional.of("names no host, or several; give one URL" + EXAMPLE);
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      return Optional.of("must not contain a query or a fragment; give the base URL" + EXAMPLE);
    }
    return Optional.empty();
  }

  /** A URL whose host cannot be parsed has no user info of its own, but may still hold one. */
  private static boolean hasUserInfo(URI uri) {
    return uri.getRawAuthority() != null && uri.getRawAuthority().indexOf('@') >= 0;
  }
}
