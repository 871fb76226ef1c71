// What we use of Beast is compiled here and nowhere else (BOOST_BEAST_SEPARATE_COMPILATION):
// boost/beast/src.hpp without WebSocket, compression and files.
#define BOOST_BEAST_SOURCE  // asks for the parsers' explicit instantiations
#include <boost/beast/core/detail/config.hpp>
// After what they are configured by.
#include <boost/beast/core/detail/impl/temporary_buffer.ipp>
#include <boost/beast/core/impl/error.ipp>
#include <boost/beast/core/impl/string.ipp>
#include <boost/beast/http/detail/basic_parser.ipp>
#include <boost/beast/http/detail/rfc7230.ipp>
#include <boost/beast/http/impl/basic_parser.ipp>
#include <boost/beast/http/impl/error.ipp>
#include <boost/beast/http/impl/field.ipp>
#include <boost/beast/http/impl/fields.ipp>
#include <boost/beast/http/impl/rfc7230.ipp>
#include <boost/beast/http/impl/status.ipp>
#include <boost/beast/http/impl/verb.ipp>
