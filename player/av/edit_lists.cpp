#include "player/av/edit_lists.hpp"

#include <array>
#include <functional>
#include <span>
#include <string>
#include <utility>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace riverlight::player::av {
namespace {

/// Of a file that means what it says there are far fewer.
constexpr int most_boxes = 10'000;
constexpr std::uint32_t most_edits = 1'000;
/// Seconds; longer times are damage.
constexpr std::int64_t longest = 1'000'000;

struct MovieBox {
    std::string name;
    std::int64_t data = 0, end = 0;
};

class ListReader {
  public:
    explicit ListReader(VerifiedFile& file) : file_(file) {}

    std::map<std::uint32_t, EditList> run() {
        for_each_box(0, file_.size(), [&](const MovieBox& box) {
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

    /// So many bytes as a big-endian number; 0 behind the file's end.
    std::uint64_t number(std::int64_t at, std::size_t bytes) {
        std::array<std::uint8_t, 8> read{};
        if (file_.fill(at, std::span(read).first(bytes)) < bytes) return 0;
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | read[i];
        return value;
    }

    void for_each_box(std::int64_t from, std::int64_t end, const std::function<void(const MovieBox&)>& take) {
        constexpr std::int64_t header = 8, large_header = 16;
        for (auto at = from; end - at >= header && seen_ < most_boxes; ++seen_) {
            std::string name(4, '\0');
            if (file_.fill(at + 4, {reinterpret_cast<std::uint8_t*>(name.data()), 4}) < 4) return;
            auto size = number(at, 4);
            const bool large = size == 1;
            if (large) size = number(at + header, 8);
            if (size == 0) size = static_cast<std::uint64_t>(end - at);  // to the end
            const auto data = at + (large ? large_header : header);
            if (size > static_cast<std::uint64_t>(end - at) || at + static_cast<std::int64_t>(size) < data)
                return;
            at += static_cast<std::int64_t>(size);
            take({name, data, at});
        }
    }

    /// Headers of version 1 have times of 64 bits, of which two stand before the value at `offset`.
    std::uint32_t value_of_header(const MovieBox& box, std::int64_t offset) {
        const bool wide = number(box.data, 1) == 1;
        return static_cast<std::uint32_t>(number(box.data + offset + (wide ? 8 : 0), 4));
    }

    void read_movie(const MovieBox& movie) {
        std::uint32_t movie_scale = 0;
        std::vector<TrackHeader> tracks;
        for_each_box(movie.data, movie.end, [&](const MovieBox& box) {
            if (box.name == "mvhd") movie_scale = value_of_header(box, 12);
            if (box.name == "trak") read_track(box, tracks.emplace_back());
        });
        for (const auto& track : tracks) {
            if (track.time_scale == 0 || movie_scale == 0) continue;
            if (auto list = edits_of(track, movie_scale); !list.empty()) lists_[track.id] = std::move(list);
        }
    }

    void read_track(const MovieBox& box, TrackHeader& track) {
        const auto take = [&](const MovieBox& inner) {
            if (inner.name == "tkhd") track.id = value_of_header(inner, 12);
            if (inner.name == "mdhd") track.time_scale = value_of_header(inner, 12);
            if (inner.name == "elst") read_edits(inner, track.edits);
        };
        for_each_box(box.data, box.end, [&](const MovieBox& inner) {
            take(inner);
            if (inner.name == "mdia" || inner.name == "edts") for_each_box(inner.data, inner.end, take);
        });
    }

    void read_edits(const MovieBox& box, std::vector<Raw>& edits) {
        const bool wide = number(box.data, 1) == 1;
        const auto count = number(box.data + 4, 4);
        const std::int64_t entry = wide ? 20 : 12, width = wide ? 8 : 4;
        auto at = box.data + 8;
        for (std::uint64_t i = 0; i < count && i < most_edits && at + entry <= box.end; ++i, at += entry) {
            const auto media = number(at + width, static_cast<std::size_t>(width));
            edits.push_back({number(at, static_cast<std::size_t>(width)),
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

    VerifiedFile& file_;
    int seen_ = 0;
    std::map<std::uint32_t, EditList> lists_;
};

}  // namespace

std::map<std::uint32_t, EditList> read_edit_lists(VerifiedFile& file) {
    return ListReader(file).run();
}

}  // namespace riverlight::player::av
