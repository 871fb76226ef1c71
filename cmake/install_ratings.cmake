# The ratings as a library for others: cmake --install build/release --component ratings
# --prefix DIR, then in their CMakeLists.txt
#
#   find_package(agon-ratings 0.1 REQUIRED)
#   target_link_libraries(board PRIVATE agon::ratings)
#
# Installed are the headers that are not marked as inside the library, and the two of those
# that they include. tests/install builds and runs a project that uses them.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# agon_install_headers(FOLDER a b …): FOLDER/a.hpp, FOLDER/b.hpp, …
function(agon_install_headers folder)
  list(TRANSFORM ARGN PREPEND "${PROJECT_SOURCE_DIR}/${folder}/")
  list(TRANSFORM ARGN APPEND ".hpp")
  install(FILES ${ARGN} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/agon/${folder}"
          COMPONENT ratings)
endfunction()

agon_install_headers(ratings answers board bootstrap bradley_terry connectivity contextual elo
  error method methods near_duplicates outcome pair_cell pair_index pairwise pareto prompt_groups random
  resampling robustness roster simple_scores status tally vote_log weight_settings weighted_tally
  weights)
agon_install_headers(ratings/agreement coefficient kappa krippendorff)
agon_install_headers(ratings/annotators consensus dawid_skene glad mace majority)
agon_install_headers(ratings/cardinal mixed_model)
agon_install_headers(ratings/participants crowd_model group_difference judged_vote latent_groups)
agon_install_headers(ratings/ranking plackett_luce ranking_board rankings)
agon_install_headers(ratings/sampling board_factor pair_policy)

# Names in a project that uses them: agon::ratings, agon::ranking, …
set(exported
  agon_crypto=crypto agon_ratings=ratings agon_agreement=agreement agon_annotators=annotators
  agon_cardinal=cardinal agon_rating_participants=participants agon_ranking=ranking
  agon_rating_sampling=sampling)
foreach(pair IN LISTS exported)
  string(REPLACE "=" ";" pair "${pair}")
  list(GET pair 0 target)
  list(GET pair 1 name)
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} INTERFACE
    "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/agon>")
  install(TARGETS ${target} EXPORT agon-ratings
          ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT ratings)
endforeach()

set(package "${CMAKE_INSTALL_LIBDIR}/cmake/agon-ratings")
install(EXPORT agon-ratings NAMESPACE agon:: FILE agon-ratings-targets.cmake
        DESTINATION "${package}" COMPONENT ratings)
configure_package_config_file(cmake/agon-ratings-config.cmake.in agon-ratings-config.cmake
  INSTALL_DESTINATION "${package}")
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/agon-ratings-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/agon-ratings-config.cmake"
              "${PROJECT_BINARY_DIR}/agon-ratings-config-version.cmake"
        DESTINATION "${package}" COMPONENT ratings)
