package org.beamtemplates.transforms.registry;

import java.io.Serializable;
import java.time.Duration;

/**
 * How the client deals with ids that the registry does not know.
 *
 * @param remembered how long such an id is not asked for again
 * @param lookups how many such ids may be asked for within the window
 * @param window the window
 */
record UnknownIdPolicy(Duration remembered, int lookups, Duration window) implements Serializable {

  static final UnknownIdPolicy DEFAULT =
      new UnknownIdPolicy(Duration.ofMinutes(1), 100, Duration.ofMinutes(1));
}
