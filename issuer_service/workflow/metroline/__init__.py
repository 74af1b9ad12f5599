"""The development path of companies: a line of stations, designed together, held, evaluated, and held better."""
