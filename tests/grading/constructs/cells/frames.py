# ruff: noqa
# fmt: off
"""pandas: frames and series in and out."""

# === a frame comes back
# %% teacher
import pandas as pd
# %% solution
def make_frame():
    return pd.DataFrame({"city": ["Rome", "Oslo", "Lima"], "degrees": [31.5, 12.0, 19.0]})
# %% wrong
def make_frame():
    return {"city": ["Rome", "Oslo", "Lima"], "degrees": [31.5, 12.0, 19.0]}
# %% wrong
def make_frame():
    return pd.DataFrame({"city": ["Rome", "Oslo", "Lima"], "degrees": [31.5, 12.5, 19.0]})
# %% test
df = make_frame()
assert isinstance(df, pd.DataFrame) and df.shape == (3, 2) and list(df.columns) == ["city", "degrees"]
assert df["degrees"].max() == 31.5 and df.degrees.mean() > 20 and len(df) == 3
# %% test
assert df.iloc[1, 1] == 12.0 and df.loc[2, "city"] == "Lima" and df.iloc[0]["city"] == "Rome"
assert df[df.degrees > 15]["city"].tolist() == ["Rome", "Lima"] and df.sort_values("degrees").iloc[0].city == "Oslo"
# %% test
assert df.equals(pd.DataFrame({"city": ["Rome", "Oslo", "Lima"], "degrees": [31.5, 12.0, 19.0]}))

# === a series comes back
# %% teacher
import pandas as pd
# %% solution
def counts(values):
    return pd.Series(values).value_counts()
# %% wrong
def counts(values):
    return pd.Series(values).value_counts(ascending=True)
# %% wrong
def counts(values):
    return dict(pd.Series(values).value_counts())
# %% test
s = counts(["a", "b", "a"])
assert isinstance(s, pd.Series) and s["a"] == 2 and s.index[0] == "a" and s.sum() == 3
assert s.to_dict() == {"a": 2, "b": 1} and s.idxmax() == "a" and s.name == "count"

# === pandas' own assertions
# %% teacher
import pandas as pd
from pandas.testing import assert_frame_equal
# %% solution
def clean(df):
    return df.dropna().reset_index(drop=True)
# %% wrong
def clean(df):
    return df.dropna()
# %% wrong
def clean(df):
    return df.fillna(0)
# %% test
df = pd.DataFrame({"x": [1.0, None, 3.0], "y": ["a", "b", "c"]})
assert_frame_equal(clean(df), pd.DataFrame({"x": [1.0, 3.0], "y": ["a", "c"]}))
pd.testing.assert_series_equal(clean(df)["x"], pd.Series([1.0, 3.0], name="x"))
assert df.isna().sum().sum() == 1, "the argument stays as it was"

# === groups
# %% teacher
import pandas as pd
sales = pd.DataFrame({"shop": ["a", "b", "a", "b"], "year": [1, 1, 2, 2], "sold": [10, 20, 30, 50]})
# %% solution
def per_shop(sales):
    return sales.groupby("shop")["sold"].agg(["sum", "mean"])
def by_year(sales):
    return sales.pivot_table(index="shop", columns="year", values="sold")
# %% wrong
def per_shop(sales):
    return sales.groupby("year")["sold"].agg(["sum", "mean"])
def by_year(sales):
    return sales.pivot_table(index="year", columns="shop", values="sold")
# %% test
table = per_shop(sales)
assert table.loc["a", "sum"] == 40 and table.loc["b", "mean"] == 35 and table.index.name == "shop"
# %% test
assert by_year(sales).loc["b", 2] == 50 and list(by_year(sales).columns) == [1, 2]

# === a multi-index
# %% teacher
import pandas as pd
# %% solution
def totals(df):
    return df.groupby(["shop", "year"]).sum()
# %% wrong
def totals(df):
    return df.groupby(["year", "shop"]).sum()
# %% test
df = pd.DataFrame({"shop": ["a", "a", "b"], "year": [1, 1, 2], "sold": [1, 2, 3]})
t = totals(df)
assert isinstance(t.index, pd.MultiIndex) and t.loc[("a", 1), "sold"] == 3 and t.index.names == ["shop", "year"]

# === dates, categories, missing values and text
# %% teacher
import pandas as pd
# %% solution
def parse(df):
    return df.assign(
        day=pd.to_datetime(df["day"]), size=df["size"].astype("category"), count=df["count"].astype("Int64")
    )
# %% wrong
def parse(df):
    return df
# %% test
df = parse(pd.DataFrame({"day": ["2024-02-29", "2024-03-01"], "size": ["S", "L"], "count": [1, None]}))
assert df["day"].dt.day.tolist() == [29, 1] and df["day"].iloc[0] == pd.Timestamp("2024-02-29")
# %% test
assert df["size"].dtype == "category" and set(df["size"].cat.categories) == {"S", "L"}
# %% test
assert df["count"].isna().tolist() == [False, True] and df["count"].iloc[1] is pd.NA and df["count"].sum() == 1

# === an index of dates
# %% teacher
import pandas as pd
# %% solution
def daily(values, start):
    return pd.Series(values, index=pd.date_range(start, periods=len(values), freq="D")).resample("2D").sum()
# %% wrong
def daily(values, start):
    return pd.Series(values, index=pd.date_range(start, periods=len(values), freq="D")).rolling(2).sum()
# %% test
s = daily([1, 2, 3, 4], "2024-01-01")
assert s.tolist() == [3, 7] and s.index[1] == pd.Timestamp("2024-01-03") and s.loc["2024-01-01"] == 3

# === a frame changed in place
# %% teacher
import pandas as pd
# %% solution
def add_total(df):
    df["total"] = df["a"] + df["b"]
# %% wrong
def add_total(df):
    df = df.assign(total=df["a"] + df["b"])
# %% wrong
def add_total(df):
    return df.assign(total=df["a"] + df["b"])
# %% test
df = pd.DataFrame({"a": [1, 2], "b": [10, 20]})
add_total(df)
assert "total" in df.columns and df["total"].tolist() == [11, 22]

# === the learner's function in apply, pipe and groupby
# %% teacher
import pandas as pd
# %% solution
def grade(score):
    return "pass" if score >= 50 else "fail"
def spread(series):
    return series.max() - series.min()
def only_passed(df):
    return df[df["score"] >= 50]
# %% wrong
def grade(score):
    return "pass" if score > 50 else "fail"
def spread(series):
    return series.max()
def only_passed(df):
    return df[df["score"] > 50]
# %% test
df = pd.DataFrame({"group": ["x", "x", "y"], "score": [50, 80, 20]})
assert df["score"].apply(grade).tolist() == ["pass", "pass", "fail"] and df["score"].map(grade).iloc[2] == "fail"
# %% test
assert df.groupby("group")["score"].agg(spread)["x"] == 30 and df.pipe(only_passed).shape == (2, 2)

# === a variable that is a frame
# %% teacher
import pandas as pd
# %% solution
df = pd.DataFrame({"n": range(5)})
df["square"] = df["n"] ** 2
mean = df["square"].mean()
top = df.nlargest(2, "square")
# %% wrong
df = pd.DataFrame({"n": range(5)})
df["square"] = df["n"] * 2
mean = df["square"].mean()
top = df.nlargest(2, "square")
# %% test
assert mean == 6.0 and df["square"].iloc[-1] == 16
# %% test
assert top.index.tolist() == [4, 3] and df.describe().loc["max", "square"] == 16

# === autotests on a frame
# %% teacher
import pandas as pd
# %% solution
table = pd.DataFrame({"b": [1, 2], "a": [0.5, 1.5]})
column = table["a"]
# %% wrong
table = pd.DataFrame({"b": [1, 2], "a": [0.5, 2.5]})
column = table["a"]
# %% test
# AUTOTEST table
# HASHED AUTOTEST column; table.shape

# === a group object and a row iterator
# %% teacher
import pandas as pd
# %% solution
def groups(df):
    return df.groupby("kind")
def rows(df):
    return df.itertuples(index=False)
# %% wrong
def groups(df):
    return df.groupby("n")
def rows(df):
    return df.itertuples()
# %% test
df = pd.DataFrame({"kind": ["a", "b", "a"], "n": [1, 2, 3]})
g = groups(df)
assert g.ngroups == 2 and g.get_group("a")["n"].tolist() == [1, 3] and g["n"].sum()["a"] == 4
# %% test
assert [row.n for row in rows(df)] == [1, 2, 3] and [len(row) for row in rows(df)] == [2, 2, 2]

# === the teacher's frame, changed by the learner
# %% teacher
import pandas as pd
people = pd.DataFrame({"name": ["ada", "bob"], "born": [1815, 1990], "x": [0, 0]})
# %% solution
people["age"] = 2024 - people["born"]
people.drop(columns="x", inplace=True)
people = people.rename(columns={"name": "who"})
# %% wrong
people["age"] = people["born"] - 2024
people.drop(columns="x", inplace=True)
people = people.rename(columns={"name": "who"})
# %% test
assert people["age"].tolist() == [209, 34] and list(people.columns) == ["who", "born", "age"]

# === the teacher's frame, changed in place by a method alone
# %% teacher
import pandas as pd
table = pd.DataFrame({"a": [3, 1, 2]})
# %% solution
table.sort_values("a", inplace=True)
# %% wrong
table.sort_values("a")
# %% test
assert table["a"].tolist() == [1, 2, 3]
