# Scores by BradleyTerry2 from counts per pair, a tie half a win each. Reads and writes CSV.
suppressWarnings(suppressMessages(library(BradleyTerry2)))
paths <- commandArgs(trailingOnly = TRUE)
pairs <- read.csv(paths[1])
systems <- sort(unique(c(pairs$a, pairs$b)))
pairs$a <- factor(pairs$a, levels = systems)
pairs$b <- factor(pairs$b, levels = systems)
seconds <- system.time(fit <- suppressWarnings(BTm(cbind(won, lost), a, b, data = pairs)))[["elapsed"]]
ability <- BTabilities(fit)
score <- 400 / log(10) * ability[, "ability"]
write.csv(data.frame(system = rownames(ability), score = 1000 + score - mean(score), seconds = seconds),
          paths[2], row.names = FALSE)
