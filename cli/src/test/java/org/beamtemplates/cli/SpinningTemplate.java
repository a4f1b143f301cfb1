package org.beamtemplates.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.Template;

/** Allocates and computes until it is stopped; when it has done so for a while, it says so. */
public final class SpinningTemplate implements Template<SpinningTemplate.Options> {

  /** Launches it. */
  public static void main(String[] args) {
    Launcher.main(new SpinningTemplate(), args);
  }

  @Override
  public String name() {
    return "spinning";
  }

  @Override
  public String summary() {
    return "For tests.";
  }

  @Override
  public Class<Options> optionsClass() {
    return Options.class;
  }

  @Override
  public List<String> resultKey() {
    return List.of();
  }

  @Override
  public void validate(Options options, Problems problems) {}

  @Override
  public void preflight(Options options, Problems problems) {}

  @Override
  public void build(Pipeline pipeline, Options options) {
    pipeline.apply(Create.of(options.getMark())).apply("Spin", ParDo.of(new SpinFn()));
  }

  /** Options of the template. */
  public interface Options extends PipelineOptions {

    @Description("File that is made after a while.")
    String getMark();

    void setMark(String value);
  }

  private static final class SpinFn extends DoFn<String, Integer> {

    private static final long serialVersionUID = 1L;
    private static final int A_WHILE = 20_000;
    private static final int BLOCK_BYTES = 1 << 16;

    @ProcessElement
    public void process(@Element String mark, OutputReceiver<Integer> output) throws IOException {
      int sum = 0;
      for (long round = 0; !Thread.currentThread().isInterrupted(); round++) {
        sum += mix(new byte[BLOCK_BYTES]);
        if (round == A_WHILE) {
          Files.createFile(Path.of(mark));
        }
      }
      output.output(sum);
    }

    private static int mix(byte[] block) {
      int state = block.length;
      for (int i = 0; i < block.length; i++) {
        state = state * 1_103_515_245 + 12_345;
        block[i] = (byte) (state >> 16);
      }
      return block[block.length - 1];
    }
  }
}
