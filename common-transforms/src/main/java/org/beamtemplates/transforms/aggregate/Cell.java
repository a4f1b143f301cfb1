package org.beamtemplates.transforms.aggregate;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.beamtemplates.transforms.aggregate.CountedFn.Counted;

/**
 * What is kept of a key in a window.
 *
 * @param revision until the end of the window, that of the next pane; after it, that of the last
 *     one: so that no cell must be written for the pane at the end
 * @param counted everything so far; or what came since the last pane, if panes discard
 */
record Cell<AccumT>(long revision, Counted<AccumT> counted) {

  Cell {
    requireNonNull(counted, "counted");
  }

  static <AccumT> Coder<Cell<AccumT>> coder(Coder<Counted<AccumT>> countedCoder) {
    return new CellCoder<>(countedCoder);
  }

  private static final class CellCoder<AccumT> extends StructuredCoder<Cell<AccumT>> {

    private static final long serialVersionUID = 1L;
    private static final VarLongCoder LONG = VarLongCoder.of();

    private final Coder<Counted<AccumT>> countedCoder;

    CellCoder(Coder<Counted<AccumT>> countedCoder) {
      this.countedCoder = countedCoder;
    }

    @Override
    public void encode(Cell<AccumT> cell, OutputStream out) throws IOException {
      // From 0, as a negative number is ten bytes long.
      LONG.encode(cell.revision() + 1, out);
      countedCoder.encode(cell.counted(), out);
    }

    @Override
    public Cell<AccumT> decode(InputStream in) throws IOException {
      long revision = LONG.decode(in) - 1;
      return new Cell<>(revision, countedCoder.decode(in));
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
      return List.of(countedCoder);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      verifyDeterministic(this, "the accumulator's coder must be deterministic", countedCoder);
    }
  }
}
