Console.WriteLine("Measures: none yet.");
