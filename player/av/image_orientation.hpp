#pragma once
#include "player/av/filter_chain.hpp"
#include "player/file/verified_file.hpp"

/// How photographs are to be turned. Only player/av includes this.
namespace riverlight::player::av {

/// The orientation that an image's file asks for: Exif's in JPEG, PNG, WebP and TIFF (CIPA DC-008, 4.6.5.1,
/// tag 274), and the turns and mirrors of AVIF and HEIC (ISO/IEC 23008-12, 6.5.10 and 6.5.12), whose Exif
/// data says nothing of it. Upright where the file says nothing, where it contradicts itself, and of any
/// other file, videos among them. Reads headers only. Throws what VerifiedFile::fill() throws.
[[nodiscard]] Orientation orientation_in(VerifiedFile& file);

}  // namespace riverlight::player::av
