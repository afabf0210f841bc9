import numpy as np, scipy, json
from scipy import stats
rng=np.random.default_rng(5)
out={'scipy':scipy.__version__,'t':[],'tails':[],'normal':[],'paired':[],'holm':None}
for nu in (1,2,3,4,5,7,9,10,19,29,30,31,49,99,999): out['t'].append([nu,float(stats.t.ppf(0.975,nu))])
for t,nu in ((0,3),(0.5,1),(1.5,2),(2.5,4),(-3.25,9),(8,4),(40,3),(1e-3,50),(12.7,1),(5,999)): out['tails'].append([t,nu,float(2*stats.t.sf(abs(t),nu))])
for z in (0,0.1,1,1.959964,2.6,3.5,3.54,6,10,-1.5): out['normal'].append([z,float(2*stats.norm.sf(abs(z)))])
for n,mu,kind in ((3,.5,'c'),(4,0,'c'),(5,.8,'c'),(5,0,'ties'),(8,.3,'zeros'),(10,.1,'c'),(20,.2,'ties'),(50,.05,'c'),(51,.05,'c'),(60,.4,'c')):
    d=rng.normal(mu,1,n)
    if kind=='ties': d=np.round(d)+ (np.round(d)==0)
    if kind=='zeros': d[:2]=0
    d=np.array([float(repr(float(x))) for x in d])
    r=stats.ttest_1samp(d,0); ci=r.confidence_interval(.95)
    w=stats.wilcoxon(d)
    out['paired'].append({'d':d.tolist(),'t':float(r.statistic),'p':float(r.pvalue),'half':float((ci.high-ci.low)/2),'mean':float(d.mean()),'w':float(w.pvalue)})
ps=[.01,.04,.03,.005,.2,.9]
m=len(ps); order=np.argsort(ps); adj=[0]*m; mx=0
for i,k in enumerate(order):
    mx=max(mx,min(1,(m-i)*ps[k])); adj[k]=mx
out['holm']=[ps,adj]
json.dump(out,open('scipy.json','w'),indent=1)
