#include "player/av/image_orientation.hpp"

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "player/av/iso_boxes.hpp"

namespace riverlight::player::av {
namespace {

enum class ImageOrder : std::uint8_t { big, little };

/// An image's bytes. Where the file ends, zeros follow.
class ImageBytes {
  public:
    explicit ImageBytes(VerifiedFile& file) : file_(file) {}

    [[nodiscard]] std::int64_t size() const { return file_.size(); }
    /// A number of so many bytes, at most four.
    [[nodiscard]] std::uint32_t number(std::int64_t at, std::size_t bytes, ImageOrder order) {
        std::array<std::uint8_t, 4> read{};
        static_cast<void>(file_.fill(at, std::span(read).first(bytes)));
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < bytes; ++i)
            value = value << 8 | read[order == ImageOrder::big ? i : bytes - 1 - i];
        return value;
    }
    [[nodiscard]] std::uint32_t big(std::int64_t at, std::size_t bytes) {
        return number(at, bytes, ImageOrder::big);
    }
    [[nodiscard]] std::uint32_t little(std::int64_t at, std::size_t bytes) {
        return number(at, bytes, ImageOrder::little);
    }
    [[nodiscard]] bool has(std::int64_t at, std::string_view text) {
        std::array<std::uint8_t, 8> read{};
        const auto some = std::span(read).first(text.size());
        return file_.fill(at, some) == text.size() &&
               std::string_view(reinterpret_cast<const char*>(read.data()), text.size()) == text;
    }

  private:
    VerifiedFile& file_;
};

/// Of a chunked format; the last ones of the largest image that is read are far from it.
constexpr int most_chunks = 100'000;

Orientation of_exif(std::uint32_t value) {
    static constexpr std::array<Orientation, 9> orientations{
        {{}, {false, 0}, {true, 0}, {false, 2}, {true, 2}, {true, 3}, {false, 1}, {true, 1}, {false, 3}}};
    return value < orientations.size() ? orientations[value] : Orientation{};
}

/// TIFF 6.0, 2: the first directory of the TIFF file at `begin`, which Exif data are too.
Orientation in_tiff(ImageBytes& image, std::int64_t begin) {
    constexpr std::uint32_t orientation = 274, of_two_bytes = 3, most_entries = 1'000;
    const bool little = image.has(begin, "II*");
    if (!little && !image.has(begin, std::string_view("MM\0*", 4))) return {};
    const auto order = little ? ImageOrder::little : ImageOrder::big;
    const auto directory = begin + image.number(begin + 4, 4, order);
    const auto entries = image.number(directory, 2, order);
    for (std::uint32_t i = 0; i < entries && i < most_entries; ++i) {
        const auto at = directory + 2 + std::int64_t{i} * 12;
        if (image.number(at, 2, order) != orientation) continue;
        return of_exif(image.number(at + 8, image.number(at + 2, 2, order) == of_two_bytes ? 2 : 4, order));
    }
    return {};
}

/// ITU-T T.81, B.1.1.4; CIPA DC-008, 4.7.2: a segment APP1 before the coded data.
Orientation in_jpeg(ImageBytes& image) {
    constexpr std::uint32_t app1 = 0xe1, start_of_scan = 0xda, end_of_image = 0xd9;
    auto at = std::int64_t{2};
    for (int i = 0; i < most_chunks && image.big(at, 1) == 0xff; ++i) {
        const auto marker = image.big(at + 1, 1);
        if (marker == 0xff) {
            ++at;  // a fill byte
            continue;
        }
        if (marker == start_of_scan || marker == end_of_image) break;
        if (marker == app1 && image.has(at + 4, std::string_view("Exif\0\0", 6)))
            return in_tiff(image, at + 10);
        at += 2 + std::int64_t{image.big(at + 2, 2)};
    }
    return {};
}

/// PNG, third edition, 11.3.4.5: the chunk eXIf, before the picture or behind it.
Orientation in_png(ImageBytes& image) {
    auto at = std::int64_t{8};
    for (int i = 0; i < most_chunks && at < image.size(); ++i) {
        if (image.has(at + 4, "eXIf")) return in_tiff(image, at + 8);
        at += 12 + std::int64_t{image.big(at, 4)};
    }
    return {};
}

/// RFC 9649, 2.7.1.5: the chunk EXIF, which some programs begin as JPEG's segment.
Orientation in_webp(ImageBytes& image) {
    auto at = std::int64_t{12};
    for (int i = 0; i < most_chunks && at < image.size(); ++i) {
        const auto data = at + 8;
        if (image.has(at, "EXIF"))
            return in_tiff(image, data + (image.has(data, std::string_view("Exif\0\0", 6)) ? 6 : 0));
        const std::int64_t size = image.little(at + 4, 4);
        at = data + size + (size & 1);
    }
    return {};
}

/// The turns and mirrors of the primary item of an image file, in their order.
class ItemProperties {
  public:
    explicit ItemProperties(VerifiedFile& file) : end_(file.size()), boxes_(file) {}

    Orientation run() {
        bool has_movie = false;  // its own track says how it is turned
        boxes_.for_each(0, end_, [&](const IsoBox& box) {
            has_movie = has_movie || box.name == "moov";
            if (box.name == "meta") read_meta(box);
        });
        return has_movie ? Orientation{} : orientation_;
    }

  private:
    using Property = std::optional<Orientation>;  ///< nothing: neither a turn nor a mirror

    /// The version and flags of a full box.
    static constexpr std::int64_t full = 4;
    static constexpr std::uint64_t most_items = 10'000;

    void read_meta(const IsoBox& meta) {
        std::optional<std::uint64_t> primary;
        std::vector<IsoBox> associations;
        boxes_.for_each(meta.data + full, meta.end, [&](const IsoBox& box) {
            if (box.name == "pitm")
                primary = boxes_.number(box.data + full, boxes_.number(box.data, 1) == 0 ? 2 : 4);
            if (box.name != "iprp") return;
            boxes_.for_each(box.data, box.end, [&](const IsoBox& inner) {
                if (inner.name == "ipco") read_properties(inner);
                if (inner.name == "ipma") associations.push_back(inner);
            });
        });
        for (const auto& box : associations)
            if (primary) apply(box, *primary);
    }

    void read_properties(const IsoBox& container) {
        boxes_.for_each(container.data, container.end, [&](const IsoBox& box) {
            auto& property = properties_.emplace_back();
            const auto value = static_cast<int>(boxes_.number(box.data, 1));
            // A turn is anticlockwise. A mirror with axis 1 exchanges left and right, one with axis 0 top and
            // bottom.
            if (box.name == "irot") property = Orientation{false, (4 - (value & 3)) & 3};
            if (box.name == "imir") property = Orientation{true, value & 1 ? 0 : 2};
        });
    }

    /// ISO/IEC 23008-12, 9.3: the properties of each item by their numbers, in the order of their use.
    void apply(const IsoBox& box, std::uint64_t primary) {
        const auto version = boxes_.number(box.data, 1), flags = boxes_.number(box.data + 1, 3);
        const std::size_t item_bytes = version < 1 ? 2 : 4, number_bytes = flags & 1 ? 2 : 1;
        const std::uint64_t numbers = flags & 1 ? 0x7fff : 0x7f;  // the first bit: it is essential
        const auto items = boxes_.number(box.data + full, 4);
        auto at = box.data + full + 4;
        for (std::uint64_t i = 0; i < items && i < most_items && at < box.end; ++i) {
            const bool wanted = boxes_.number(at, item_bytes) == primary;
            at += static_cast<std::int64_t>(item_bytes);
            const auto count = boxes_.number(at++, 1);
            for (std::uint64_t k = 0; k < count; ++k, at += static_cast<std::int64_t>(number_bytes)) {
                const auto number = boxes_.number(at, number_bytes) & numbers;
                if (!wanted || number == 0 || number > properties_.size()) continue;
                if (const auto& property = properties_[number - 1])
                    orientation_ = orientation_.then(*property);
            }
            if (wanted) return;
        }
    }

    std::int64_t end_;
    IsoBoxes boxes_;
    std::vector<Property> properties_;  ///< in the order of their numbers, which begin at 1
    Orientation orientation_;
};

}  // namespace

Orientation orientation_in(VerifiedFile& file) {
    ImageBytes image(file);
    if (image.has(0, "\xff\xd8\xff")) return in_jpeg(image);
    if (image.has(0, "\x89PNG\r\n")) return in_png(image);
    if (image.has(0, "RIFF") && image.has(8, "WEBP")) return in_webp(image);
    if (image.has(0, "II*") || image.has(0, std::string_view("MM\0*", 4))) return in_tiff(image, 0);
    if (image.has(4, "ftyp")) return ItemProperties(file).run();
    return {};
}

}  // namespace riverlight::player::av
