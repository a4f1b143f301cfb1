package org.beamtemplates.transforms.registry;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The ids that the registry did not know, and how many of them it may be asked for.
 *
 * <p>Garbage that happens to begin with a zero byte names a random id. Without a limit every such
 * record would cost a request, and the registry would go down under a storm of poison.
 */
final class UnknownIds {

  private static final int REMEMBERED = 10_000;

  private final Clock clock;
  private final UnknownIdPolicy policy;
  private final Deque<Instant> lookups = new ArrayDeque<>();
  private final Map<Integer, Entry> entries =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Entry> eldest) {
          return size() > REMEMBERED;
        }
      };

  private record Entry(UnknownSchemaException answer, Instant expires) {}

  UnknownIds(Clock clock, UnknownIdPolicy policy) {
    this.clock = clock;
    this.policy = policy;
  }

  /** Returns why this id is not to be asked for now, or null if it may be. */
  @Nullable UnknownSchemaException refusal(int id) {
    Instant now = clock.instant();
    Entry entry = entries.get(id);
    if (entry != null) {
      if (now.isBefore(entry.expires())) {
        return entry.answer();
      }
      entries.remove(id);
    }
    while (!lookups.isEmpty() && !now.isBefore(lookups.peekFirst().plus(policy.window()))) {
      lookups.removeFirst();
    }
    if (lookups.size() < policy.lookups()) {
      return null;
    }
    return new UnknownSchemaException(
        id,
        "schema id "
            + id
            + " was not looked up: the registry did not know "
            + lookups.size()
            + " other ids within "
            + policy.window().toSeconds()
            + " s; replay the record if the id is valid");
  }

  /** Remembers that the registry was asked for an id in vain. */
  void add(UnknownSchemaException answer) {
    Instant now = clock.instant();
    lookups.addLast(now);
    entries.put(answer.schemaId(), new Entry(answer, now.plus(policy.remembered())));
  }
}
