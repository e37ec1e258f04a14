// The receiver of Boost.JSON's parser events that reads numbers exactly. Internal to json.cc.
#pragma once
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

namespace slipway {

/// Boost.JSON 1.81 reads every tenth fraction of 17 digits one step off, so that a value would change each
/// time it is stored and read. Here the number's text is read again by the standard library. Numbers that no
/// double holds are an error.
class JsonHandler {
  using Ec = boost::system::error_code;
  using View = boost::json::string_view;

 public:
  static constexpr std::size_t max_object_size = boost::json::object::max_size();
  static constexpr std::size_t max_array_size = boost::json::array::max_size();
  static constexpr std::size_t max_key_size = boost::json::string::max_size();
  static constexpr std::size_t max_string_size = boost::json::string::max_size();

  JsonHandler() { stack_.reset(); }
  boost::json::value release() { return stack_.release(); }

  bool on_document_begin(Ec&) { return true; }
  bool on_document_end(Ec&) { return true; }
  bool on_object_begin(Ec&) { return true; }
  bool on_object_end(std::size_t n, Ec&) { return stack_.push_object(n), true; }
  bool on_array_begin(Ec&) { return true; }
  bool on_array_end(std::size_t n, Ec&) { return stack_.push_array(n), true; }
  bool on_key_part(View text, std::size_t, Ec&) { return stack_.push_chars(text), true; }
  bool on_key(View text, std::size_t, Ec&) { return stack_.push_key(text), true; }
  bool on_string_part(View text, std::size_t, Ec&) { return stack_.push_chars(text), true; }
  bool on_string(View text, std::size_t, Ec&) { return stack_.push_string(text), true; }
  bool on_number_part(View text, Ec&) { return number_.append(text.data(), text.size()), true; }
  bool on_int64(std::int64_t number, View, Ec&) { return number_.clear(), stack_.push_int64(number), true; }
  bool on_uint64(std::uint64_t number, View, Ec&) { return number_.clear(), stack_.push_uint64(number), true; }
  bool on_double(double rough, View text, Ec& ec) {
    number_.append(text.data(), text.size());
    double exact = 0;
    const auto [end, status] = std::from_chars(number_.data(), number_.data() + number_.size(), exact);
    number_.clear();
    const bool too_large = status == std::errc::result_out_of_range && std::abs(rough) > 1;
    if (too_large || !std::isfinite(exact)) {
      ec = boost::json::error::exponent_overflow;
      return false;
    }
    return stack_.push_double(exact), true;
  }
  bool on_bool(bool value, Ec&) { return stack_.push_bool(value), true; }
  bool on_null(Ec&) { return stack_.push_null(), true; }
  bool on_comment_part(View, Ec&) { return true; }
  bool on_comment(View, Ec&) { return true; }

 private:
  boost::json::value_stack stack_;
  std::string number_;
};

}  // namespace slipway
