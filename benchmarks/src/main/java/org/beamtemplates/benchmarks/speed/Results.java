package org.beamtemplates.benchmarks.speed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** All that was measured: for each cell and engine, a figure of each round. */
final class Results {

  private final Map<Cell, Map<Engines, List<Measured>>> cells = new LinkedHashMap<>();

  /** Adds what an engine did in the next round. */
  void add(Cell cell, Engines engine, Measured measured) {
    cells
        .computeIfAbsent(cell, unused -> new EnumMap<>(Engines.class))
        .computeIfAbsent(engine, unused -> new ArrayList<>())
        .add(measured);
  }

  /** Returns all cells, in the order in which they were measured first. */
  Set<Cell> cells() {
    return Collections.unmodifiableSet(cells.keySet());
  }

  /** Returns a figure of an engine in a cell, if it was there. */
  Optional<Spread> of(Cell cell, Engines engine, ToDoubleFunction<Measured> figure) {
    List<Measured> rounds = rounds(cell, engine);
    return rounds.isEmpty()
        ? Optional.empty()
        : Optional.of(Spread.of(rounds.stream().map(figure::applyAsDouble).toList()));
  }

  /** Returns what a record costs the peer, divided by what it costs the library; of each round. */
  Optional<Spread> ratio(Cell cell, Engines peer) {
    List<Measured> ofPeer = rounds(cell, peer);
    List<Measured> ours = rounds(cell, Engines.BEAM);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(ofPeer.size(), ours.size()); i++) {
      ratios.add(ofPeer.get(i).microsPerRecord() / ours.get(i).microsPerRecord());
    }
    return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
  }

  private List<Measured> rounds(Cell cell, Engines engine) {
    return cells.getOrDefault(cell, Map.of()).getOrDefault(engine, List.of());
  }
}
