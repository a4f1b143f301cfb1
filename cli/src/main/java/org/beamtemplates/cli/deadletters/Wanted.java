package org.beamtemplates.cli.deadletters;

import java.util.List;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.deadletter.DeadLetterSelection;

/**
 * Which dead letters are meant.
 *
 * @param selection everything but the ids
 * @param idPrefixes what ids begin with; empty for any
 */
record Wanted(DeadLetterSelection selection, List<String> idPrefixes) {

  static final Wanted ALL = new Wanted(DeadLetterSelection.ALL, List.of());

  Wanted {
    idPrefixes = List.copyOf(idPrefixes);
  }

  boolean matches(DeadLetter letter) {
    return selection.matches(letter)
        && (idPrefixes.isEmpty() || idPrefixes.stream().anyMatch(letter.getId()::startsWith));
  }
}
