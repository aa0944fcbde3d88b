#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "player/cue/cue.hpp"
#include "player/feed/monitor.hpp"
#include "player/feed/mux.hpp"
#include "player/feed/sender.hpp"

namespace riverlight::player {

/// A TV partner's transport stream on one unbroken time line: coded frames of renditions as they are,
/// everything else through an encoder that makes the same parameter sets, with the change between them at a
/// join. One thread.
class Feed {
  public:
    struct Options {
        Profile profile;
        Service service;
        std::string state;  ///< file of FeedMemory; empty: none
        Instant now{};
    };
    Feed(const Options& options, Sender& sender);

    /// Frames that are put in before the first packet leaves, and from then on ahead of the clock: bridges
    /// the encoder's look-ahead and fills the decoder's buffer.
    [[nodiscard]] int frames_ahead() const { return ahead_; }
    /// From the start to when a receiver shows the first frame.
    [[nodiscard]] std::chrono::microseconds delay() const;

    /// What frame `frame`, counted as show() and splice() do, is by the house clock: it is put in at `due`,
    /// and a receiver shows it at `seen`. Tables, guide, hour files and what a restart goes on from follow.
    void follow(std::int64_t frame, std::chrono::steady_clock::time_point due, Instant seen);
    /// The next frame, to be encoded.
    void show(const Picture& picture, std::span<const float> samples);
    /// The next frame as it is; the first after encoded ones lies on the grid (the timeline sees to it).
    void splice(const CodedFrame& frame);
    /// The guide from now on: present and following go with the clock.
    void set_guide(const Guide& guide);
    /// splice_insert() before the frames [first, first + frames), counted as show() and splice() do, and
    /// before what follows them: six seconds ahead, or at once where it is told later. Joins lie on the grid.
    void add_avail(std::int64_t event, std::int64_t first, std::int64_t frames);
    void finish();
    [[nodiscard]] std::map<std::string, std::string> evidence() const;
    [[nodiscard]] std::vector<OutputState> outputs() const { return sender_.states(); }
    /// What a partner's monitor would alarm about; empty: nothing.
    [[nodiscard]] std::string alarm() const;
    [[nodiscard]] Mux& mux() { return mux_; }

  private:
    /// When a moment of the time line is, by the wall clock.
    [[nodiscard]] Instant utc_of(Ticks time) const;
    [[nodiscard]] Ticks time_of(std::int64_t frames) const;
    void open_encoder();
    void close_encoder();
    void passed();
    void put_guide();
    void put_splices();

    Profile profile_;
    Service service_;
    Sender& sender_;
    FeedMemory memory_;
    Monitor monitor_;
    Mux::Start start_;
    Mux mux_;
    std::unique_ptr<StreamEncoder> encoder_;
    std::int64_t to_skip_ = 0;  ///< samples that coded sound covers already
    int ahead_;
    Instant zero_;  ///< when the time line's beginning was, or would have been
    std::vector<GuideEvent> guide_;
    std::optional<std::size_t> present_;  ///< of guide_, as the tables say
    bool guide_changed_ = false;
    std::uint8_t guide_version_ = 0;
    struct Splice {
        std::int64_t frame;
        SpliceInsert insert;
    };
    std::vector<Splice> splices_;
    std::int64_t frames_ = 0, spliced_ = 0, encoded_ = 0;
};

}  // namespace riverlight::player
