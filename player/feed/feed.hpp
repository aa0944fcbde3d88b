#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "player/av/stream_encoder.hpp"
#include "player/cue/commands.hpp"
#include "player/cue/events.hpp"
#include "player/evidence/evidence.hpp"
#include "player/feed/guide.hpp"
#include "player/feed/monitor.hpp"
#include "player/feed/mux.hpp"
#include "player/feed/pacer.hpp"
#include "player/feed/splice_info.hpp"

namespace riverlight::player {

/// A TV partner's transport stream on one unbroken time line. Coded frames of renditions go out as they are;
/// all other frames go through an encoder with the same parameter sets. At a splice point one takes over
/// from the other. Frames are numbered from 0, by show() and splice() together. One thread.
class Feed {
  public:
    struct Options {
        Profile profile;
        Service service;
        std::string state;  ///< file of FeedState; empty: none
        Instant now{};      ///< when the feed starts
    };
    Feed(const Options& options, Pacer& pacer);

    /// Frames that are put in before the first packet leaves, and ahead of the clock from then on: they
    /// bridge the encoder's look-ahead and fill the decoder's buffer.
    [[nodiscard]] int frames_ahead() const { return frames_ahead_; }
    /// From the start to when a receiver shows the first frame.
    [[nodiscard]] std::chrono::microseconds delay() const;

    /// Frame `frame` is put in at `due`, and a receiver shows it at `seen`, by the wall clock as it is now.
    /// Tables, guide, hour files and the state for a restart follow.
    void set_frame_time(std::int64_t frame, std::chrono::steady_clock::time_point due, Instant seen);
    /// The next frame, to be encoded; interleaved stereo samples.
    void show(const Picture& picture, std::span<const float> samples);
    /// The next frame as it is. The first one after encoded frames must be on the grid.
    void splice(const CodedFrame& frame);
    /// The language of the sound from the next frame on; until it is set, the service's.
    void set_language(LanguageCode language);
    /// The programme guide from now on.
    void set_guide(const Guide& guide);
    /// Announces the avail [first, first + frames) with splice_insert(), and the return after it, each six
    /// seconds ahead or as soon as possible. Splice points are on the grid, the nearest is taken.
    void add_avail(std::int64_t event, std::int64_t first, std::int64_t frames);
    void finish();

    /// Of the stream; its outputs have their own figures.
    [[nodiscard]] Evidence evidence() const;
    /// What became of a frame, by its number.
    [[nodiscard]] FrameFate fate_of(std::int64_t frame) const {
        return pacer_.fate_of(start_.first_picture + frame);
    }
    [[nodiscard]] std::vector<OutputState> outputs() const { return pacer_.states(); }
    /// What a partner's monitor would alarm about, and outputs in trouble; empty: nothing.
    [[nodiscard]] std::string alarm() const;
    [[nodiscard]] const Mux& mux() const { return mux_; }

  private:
    struct SplicePoint {
        std::int64_t frame;
        SpliceInsert insert;  ///< its PTS is set when it is sent
    };
    [[nodiscard]] Instant wall_clock(StreamTime time) const;
    [[nodiscard]] StreamTime stream_time(std::int64_t time_line_frame) const;
    [[nodiscard]] ClockTicks duration(std::int64_t frames) const;
    void open_encoder();
    void close_encoder();
    void end_frame();
    void update_guide();
    void send_due_splices();

    // More than 12 members: beside its settings, the parts that it drives (state, monitor, mux, encoder,
    // guide), its place on the time line, and what it counts.
    Profile profile_;
    Service service_;
    Pacer& pacer_;
    FeedState state_;
    Monitor monitor_;
    Mux::Start start_;
    Mux mux_;
    std::unique_ptr<StreamEncoder> encoder_;  ///< only in a run of frames to be encoded
    std::int64_t samples_to_skip_ = 0;        ///< that coded sound before the run covers already
    int frames_ahead_;
    Instant zero_;  ///< when the time line's frame 0 was, or would have been
    ProgrammeGuide guide_;
    std::vector<SplicePoint> splice_points_;
    LanguageCode language_;
    std::int64_t frames_ = 0;
};

}  // namespace riverlight::player
