#include "player/av/edit_lists.hpp"

#include <utility>

extern "C" {
#include <libavutil/mathematics.h>
}

#include "player/av/iso_boxes.hpp"

namespace riverlight::player::av {
namespace {

/// Of a file that means what it says there are far fewer.
constexpr std::uint32_t most_edits = 1'000;
/// Seconds; longer times are damage.
constexpr std::int64_t longest = 1'000'000;

class ListReader {
  public:
    explicit ListReader(VerifiedFile& file) : end_(file.size()), boxes_(file) {}

    std::map<std::uint32_t, EditList> run() {
        boxes_.for_each(0, end_, [&](const IsoBox& box) {
            if (box.name == "moov") read_movie(box);
        });
        return std::move(lists_);
    }

  private:
    struct Raw {
        std::uint64_t duration = 0;  ///< of the movie's time scale
        std::int64_t media = 0;      ///< −1: empty
    };
    struct TrackHeader {
        std::uint32_t id = 0, time_scale = 0;
        std::vector<Raw> edits;
    };

    /// Headers of version 1 have times of 64 bits, of which two stand before the value at `offset`.
    std::uint32_t value_of_header(const IsoBox& box, std::int64_t offset) {
        const bool wide = boxes_.number(box.data, 1) == 1;
        return static_cast<std::uint32_t>(boxes_.number(box.data + offset + (wide ? 8 : 0), 4));
    }

    void read_movie(const IsoBox& movie) {
        std::uint32_t movie_scale = 0;
        std::vector<TrackHeader> tracks;
        boxes_.for_each(movie.data, movie.end, [&](const IsoBox& box) {
            if (box.name == "mvhd") movie_scale = value_of_header(box, 12);
            if (box.name == "trak") read_track(box, tracks.emplace_back());
        });
        for (const auto& track : tracks) {
            if (track.time_scale == 0 || movie_scale == 0) continue;
            if (auto list = edits_of(track, movie_scale); !list.empty()) lists_[track.id] = std::move(list);
        }
    }

    void read_track(const IsoBox& box, TrackHeader& track) {
        const auto take = [&](const IsoBox& inner) {
            if (inner.name == "tkhd") track.id = value_of_header(inner, 12);
            if (inner.name == "mdhd") track.time_scale = value_of_header(inner, 12);
            if (inner.name == "elst") read_edits(inner, track.edits);
        };
        boxes_.for_each(box.data, box.end, [&](const IsoBox& inner) {
            take(inner);
            if (inner.name == "mdia" || inner.name == "edts") boxes_.for_each(inner.data, inner.end, take);
        });
    }

    void read_edits(const IsoBox& box, std::vector<Raw>& edits) {
        const bool wide = boxes_.number(box.data, 1) == 1;
        const auto count = boxes_.number(box.data + 4, 4);
        const std::int64_t entry = wide ? 20 : 12, width = wide ? 8 : 4;
        auto at = box.data + 8;
        for (std::uint64_t i = 0; i < count && i < most_edits && at + entry <= box.end; ++i, at += entry) {
            const auto media = boxes_.number(at + width, static_cast<std::size_t>(width));
            edits.push_back({boxes_.number(at, static_cast<std::size_t>(width)),
                             wide ? static_cast<std::int64_t>(media) : static_cast<std::int32_t>(media)});
        }
    }

    /// Empty where a value is not plausible.
    static EditList edits_of(const TrackHeader& track, std::uint32_t movie_scale) {
        EditList list;
        std::int64_t begin = 0;
        for (const auto& raw : track.edits) {
            if (raw.duration / movie_scale > longest || raw.media < -1 ||
                raw.media / track.time_scale > longest || begin / track.time_scale > longest)
                return {};
            const auto length =
                av_rescale(static_cast<std::int64_t>(raw.duration), track.time_scale, movie_scale);
            list.push_back({begin, length, raw.media < 0 ? 0 : raw.media, raw.media < 0});
            begin += length;
        }
        return list;
    }

    std::int64_t end_;
    IsoBoxes boxes_;
    std::map<std::uint32_t, EditList> lists_;
};

}  // namespace

std::map<std::uint32_t, EditList> read_edit_lists(VerifiedFile& file) {
    return ListReader(file).run();
}

}  // namespace riverlight::player::av
